"""A directory of an organisation: OpenLDAP's own server, under TLS, in a folder of the test."""

import datetime
import ipaddress
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from . import servers

BASE = "dc=example,dc=org"
PEOPLE, GROUPS = f"ou=people,{BASE}", f"ou=groups,{BASE}"
WHO, PASSWORD = f"cn=portal,{BASE}", "of who searches"

_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
security simple_bind=128
allow bind_anon_cred
database mdb
directory {folder}
suffix {base}
rootdn cn=root,{base}
rootpw {password}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact={who} read by * none
"""

_PERSON = """
dn: uid={name},{people}
objectClass: inetOrgPerson
cn: {name}
sn: 王
givenName: 芳
mail: {name}@example.org
uid: {name}
userPassword: {name}'s own
"""

_GROUP = """
dn: cn={name},{groups}
objectClass: {kind}
cn: {name}
{members}
"""

_LIBRARY = f"""dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Union
dc: example

dn: {PEOPLE}
objectClass: organizationalUnit

dn: {GROUPS}
objectClass: organizationalUnit

dn: {WHO}
objectClass: organizationalRole
objectClass: simpleSecurityObject
userPassword: {PASSWORD}
"""


def certify(folder: Path) -> None:
    """Write a certificate of this machine that vouches for itself, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1))
    made = made.not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(here, critical=True)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))


class Directory:
    """The server, its two addresses, and the certificate that it shows."""

    def __init__(self, folder: Path, server: servers.Server, plain: int, tls: int):
        self.server, self.certificate = server, folder / "certificate.pem"
        self.address, self.with_tls = f"ldap://127.0.0.1:{plain}", f"ldaps://127.0.0.1:{tls}"

    def change(self, group: str, attribute: str, value: str | None) -> None:
        """Let something in a group be this, or nothing."""
        import ldap

        root = ldap.initialize(self.with_tls)
        root.set_option(ldap.OPT_X_TLS_CACERTFILE, str(self.certificate))
        root.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        root.simple_bind_s(f"cn=root,{BASE}", PASSWORD)
        says = value if value is None else [value.encode()]
        root.modify_s(f"cn={group},{GROUPS}", [(ldap.MOD_REPLACE, attribute, says)])
        root.unbind_s()


@contextmanager
def directory(folder: Path, people: list[str], groups: dict[str, tuple[str, str]]) -> Iterator:
    """Run a directory with people, and with groups by their class and their first member's line."""
    slapd = servers.program("slapd")
    certify(folder)
    configuration, data = folder / "slapd.conf", folder / "data.ldif"
    told = {"folder": folder, "base": BASE, "who": WHO, "password": f'"{PASSWORD}"'}
    configuration.write_text(_CONFIGURATION.format(**told), "utf-8")
    entries = [_LIBRARY, *(_PERSON.format(name=one, people=PEOPLE) for one in people)]
    entries += [
        _GROUP.format(name=name, groups=GROUPS, kind=kind, members=members)
        for name, (kind, members) in groups.items()
    ]
    data.write_text("\n".join(entries), "utf-8")
    add = [slapd, "-T", "add", "-q", "-f", str(configuration), "-l", str(data)]
    subprocess.run(add, check=True, capture_output=True)
    plain, tls = servers.free_port(), servers.free_port()
    command = [slapd, "-f", str(configuration), "-d", "none"]
    command += ["-h", f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"]
    with servers.Server(command, "slapd starting") as server:
        yield Directory(folder, server, plain, tls)
