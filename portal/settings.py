"""One settings file for every place it runs; what differs comes from the environment."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Give the environment a long random one, for example: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    SECRET_KEY = "known to all: DEBUG is for trying out on one machine"  # noqa: S105 - no secret
# What it was before: sessions, links and second steps of then are good until they are renewed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])

# This machine is always one: it asks whether the portal is well.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", []), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "portal.steps",
    "taggit",
    "django_prose_editor",
    "csp",
    "articles",
    "training",
]

MIDDLEWARE = [
    "portal.request_ids.name_requests",
    "portal.metrics.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "portal.cross_origin.allow_other_sites",
    "articles.reading.kept_pages.keep_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "portal.middleware.cache_public_pages",
    "portal.middleware.hint_at_session",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.keep_short",
    "django.middleware.locale.LocaleMiddleware",
    "portal.desk_language.desk_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.WrittenPolicy",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "articles.reading.views.site.script_context",
            ],
            "libraries": {
                name: f"articles.reading.template_tags.{name}"
                for name in ("facts", "once", "pages", "structured")
            }
            | {"sentences": "portal.sentences", "list_cards": "portal.list_cards"},
        },
    },
]

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        f"sqlite:///{BASE_DIR / 'db.sqlite3'}",
        # Only where threads are counted, as in gunicorn's workers: runserver has one for each
        # browser, and each would keep a connection of its own.
        conn_max_age=env.int("DATABASE_KEPT_SECONDS", 0),
        conn_health_checks=True,
    )
}
# What `portal/wsgi.py` lets a page's statement take; a command's takes as long as it must.
DATABASE_TIMEOUT = env.float("DATABASE_TIMEOUT", 20)
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "portal.limited_postgres"
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A second writer waits its turn instead of failing half-way through its transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
# A copy of it that follows, for readers' pages: `portal/replicas.py` says who reads from it.
if DATABASE_REPLICA_URL := env.str("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = {
        **DATABASES["default"],
        **dj_database_url.parse(DATABASE_REPLICA_URL, engine=DATABASES["default"]["ENGINE"]),
        "OPTIONS": dict(DATABASES["default"]["OPTIONS"]),
        "CONN_MAX_AGE": DATABASES["default"]["CONN_MAX_AGE"],
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "default"},
    }
    MIDDLEWARE.insert(
        MIDDLEWARE.index("articles.reading.kept_pages.keep_pages"),
        "portal.replicas.read_from_replica",
    )
REPLICA_LAG = env.float("REPLICA_LAG", 5)  # seconds behind, after which it is not read from
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Django would keep 300 things in a process, and forget its limits for a few hundred searches.
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://?max_entries=10000")}

if "django.core.cache.backends.redis" in CACHES["default"]["BACKEND"]:
    CACHES["default"]["BACKEND"] = "portal.forgiving_redis.ForgivingRedis"
    CACHES["default"].setdefault("OPTIONS", {}).update(socket_connect_timeout=0.5, socket_timeout=1)

# Readers' pages are made once and shown until something on them changes; off, each is made anew.
PAGE_CACHE = env.bool("PAGE_CACHE", not DEBUG)
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 32)  # of each process

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Whose second step of signing in at the desk is a must: names of groups, superusers, everybody.
SECOND_STEP_FOR = env.list("SECOND_STEP_FOR", [])
DESK_SESSION_HOURS = env.int("DESK_SESSION_HOURS", 12)
# Our own limit, of the account, stands before the devices'.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0

# Who signs in with the accounts of an organisation (OpenID Connect): `portal/single_sign_on.py`.
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_SCOPES = env.str("OIDC_SCOPES", "openid profile email")
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", "groups")
OIDC_ROLES = env.json("OIDC_ROLES", {})  # names of groups here, by those of the provider
OIDC_TAKES_KNOWN_NAMES = env.bool("OIDC_TAKES_KNOWN_NAMES", False)

# Who signs in with the passwords of an organisation's directory (LDAP): `portal/directory.py`.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LDAP_URL = env.str("LDAP_URL", "")
LDAP_CA_FILE = env.str("LDAP_CA_FILE", "")  # the system's where not named
LDAP_BIND_DN = env.str("LDAP_BIND_DN", "")  # who searches; nobody in particular where empty
LDAP_BIND_PASSWORD = env.str("LDAP_BIND_PASSWORD", "")
LDAP_BASE = env.str("LDAP_BASE", "")
LDAP_FILTER = env.str("LDAP_FILTER", "(uid={name})")
LDAP_NAME = env.str("LDAP_NAME", "uid")  # what accounts here are called by
LDAP_NUMBER = env.str("LDAP_NUMBER", "entryUUID")  # what of somebody never changes
LDAP_ROLES = env.json("LDAP_ROLES", {})  # names of groups here, by the DN of the directory's
LDAP_MEMBER_FILTER = env.str(
    "LDAP_MEMBER_FILTER", "(|(member={dn})(uniqueMember={dn})(memberUid={name}))"
)
LDAP_TAKES_KNOWN_NAMES = env.bool("LDAP_TAKES_KNOWN_NAMES", False)
if LDAP_URL:
    AUTHENTICATION_BACKENDS.append("portal.organisation.DirectoryBackend")

LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "sign-in", "mine", "home"

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", _("Traditional Chinese")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
LANGUAGE_COOKIE_NAME = "script"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.str("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Pictures of the library. They are served by the portal, whatever keeps them.
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / ".local" / "media")
_media_options = env.json("MEDIA_STORAGE_OPTIONS", {})
if "client_config" in _media_options:  # a service's: how long to wait for it, and how often to try
    from botocore.config import Config

    _media_options["client_config"] = Config(**_media_options["client_config"])
STORAGES = {
    "default": {
        "BACKEND": env.str("MEDIA_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": _media_options,
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WHITENOISE_MANIFEST_STRICT = False  # a page without its style sheet beats no page at all
# Source maps are megabytes, which only a developer's tools ask for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# Behind a proxy that ends TLS; HTTPS=off is for a portal inside a closed network.
HTTPS = env.bool("HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)  # one that sets X-Forwarded-Proto and -For
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600 if HTTPS else 0)
# Both bind what is not this portal: other hosts of the domain, and browsers for years.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which would have them on
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # an image elsewhere would tell its server who reads what
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # a long essay in the admin form
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000  # a roster that asks about every row

# Who takes work that outlives a request (`portal/jobs.py`): processes of this machine, or with a
# broker, amqp://… of RabbitMQ or redis://… of Redis, workers wherever they are.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")
CELERY_QUEUE = env.str("CELERY_QUEUE", "portal")
JOB_LAUNCHER = "portal.celery.launch" if CELERY_BROKER_URL else "portal.processes.launch"

# Uploads wait here for the curator's confirmation: private, never below static or media files.
SPOOL_DIR = env.path("SPOOL_DIR", BASE_DIR / ".local" / "spool")
UPLOAD_MAX_MB = env.int("UPLOAD_MAX_MB", 200)  # of one upload; a single essay has at most 20
SPOOL_MAX_MB = env.int("SPOOL_MAX_MB", 2000)  # of all uploads that wait together
DATA_UPLOAD_MAX_NUMBER_FILES = 2000
FILE_UPLOAD_HANDLERS = ["articles.intake.spool.UploadHandler"]

# What a program may ask of the API within a minute, by its address or token; pages that are kept do
# not count. Browsers' scripts of other sites may ask where their origin is named: * for all.
API_PER_MINUTE = env.int("API_PER_MINUTE", 300)
API_CORS_ORIGINS = env.list("API_CORS_ORIGINS", [])

# Who submitted a text, or changed it last, does not approve it: superusers neither.
REVIEW_BY_ANOTHER = env.bool("REVIEW_BY_ANOTHER", True)

# Whole texts in feeds instead of their first sentences.
FEEDS_FULL_TEXT = env.bool("FEEDS_FULL_TEXT", False)

# “ ” in simplified renditions, 「 」 in traditional ones; `rebuild_renditions` after a change.
QUOTES_FOLLOW_SCRIPT = env.bool("QUOTES_FOLLOW_SCRIPT", True)

# The private key that seals the records of training: kept apart from the database's backups.
SEAL_KEY_FILE = env.path("SEAL_KEY_FILE", BASE_DIR / ".local" / "seal.key")

# Who may read /metrics beside this machine: whoever says this (Authorization: Bearer …).
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# Where the portal is, for mail that leads there.
_host = next((one.lstrip(".") for one in ALLOWED_HOSTS if one != "*"), "localhost")
SITE_URL = env.str("SITE_URL", "") or f"{'https' if HTTPS else 'http'}://{_host}"

# Errors go by mail to these, one a minute at most; mail goes out by this server.
ADMINS = [("", address) for address in env.list("ERROR_MAIL_TO", [])]
SERVER_EMAIL = DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "reading-room@localhost")
EMAIL_SUBJECT_PREFIX = "[reading room] "
# EMAIL_URL, smtp://user:password@host:587/?tls=on or smtps://…:465, has invitations and notices go
# to people too; what it leaves out is what the others say.
_mail = urlsplit(env.str("EMAIL_URL", ""))
MAIL_TO_PEOPLE = bool(_mail.hostname)
EMAIL_HOST = _mail.hostname or env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.port or env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = unquote(_mail.username or "") or env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "") or env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and ("tls=on" in _mail.query or env.bool("EMAIL_USE_TLS", False))
EMAIL_TIMEOUT = 5  # seconds that an error may wait for its mail to go

LOG_REQUESTS = env.bool("LOG_REQUESTS", False)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "portal.request_ids.WithRequest"},
        "seldom": {"()": "portal.seldom.SeldomSaid"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "portal.request_ids.AsJson"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request"],
            "formatter": env.str("LOG_FORMAT", "line"),
        },
        "mail": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "filters": ["seldom"],
        },
    },
    # Django's own would send a mail for each error.
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {
        "handlers": ["console", *(["mail"] if ADMINS else [])],
        "level": env.str("LOG_LEVEL", "INFO"),
    },
}
