// The code of a slip comes behind the # of its QR code, which no server is told: it is put into the
// form, and taken out of the address.
const code = document.querySelector("[name=code]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
}
