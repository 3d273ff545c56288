// Forms that ask the browser for a passkey, and send on what it says. The server judges it.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function asked(told) {
  const options = { ...told, challenge: bytes(told.challenge) };
  if (told.user) options.user = { ...told.user, id: bytes(told.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (told[list]) options[list] = told[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return options;
}

function answered({ id, rawId, type, authenticatorAttachment, response }) {
  const told = { clientDataJSON: letters(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) told[part] = letters(response[part]);
  }
  if (response.getTransports) told.transports = response.getTransports();
  return JSON.stringify({ id, rawId: letters(rawId), type, authenticatorAttachment, response: told });
}

async function show(form) {
  for (const note of form.querySelectorAll("[role=alert]")) note.hidden = true;
  const publicKey = asked(JSON.parse(form.dataset.options));
  try {
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.passkey.value = answered(credential);
    form.submit();
  } catch (error) {
    const known = error.name === "InvalidStateError" && form.querySelector("[data-known]");
    (known || form.querySelector("[data-refused]")).hidden = false;
  }
}

if (window.isSecureContext && window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(form);
    });
  }
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.remove();
}
