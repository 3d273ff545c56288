// What opens something stands behind the # of the address that was mailed, printed or copied: browsers
// tell it to no server, so it is in no log. It is put into the form, which names the fields that take it,
// and taken out of the address; a form that says so is sent at once, to where it stays in the address.
const form = document.querySelector("form[data-behind-hash]");
if (form && location.hash.length > 1) {
  const names = form.dataset.behindHash.split(" ");
  const told = location.hash.slice(1);
  const given = new URLSearchParams(told.includes("=") ? told : { [names[0]]: told });
  for (const name of names) if (given.has(name)) form.elements[name].value = given.get(name);
  if ("sends" in form.dataset) {
    form.action = location.href;
    form.requestSubmit();
  } else {
    history.replaceState(null, "", location.pathname + location.search);
  }
}
