// A suggested tag that is ticked goes into the field at once; taken out there, it is offered again.
const $ = window.django?.jQuery;

// Tags there are stand first, so that Enter takes one: a new one is made of what nothing is called.
$?.(() => {
  for (const select of document.querySelectorAll("select[data-tags]")) {
    const source = $(select).data("select2")?.dataAdapter;
    if (source) source.insertTag = (found, made) => void found.push(made);
  }
});

for (const suggestions of document.querySelectorAll(".tag-suggestions")) {
  const select = document.getElementById(suggestions.dataset.for);
  if (!$ || !select) continue;
  const boxes = [...suggestions.querySelectorAll("input")];

  const offer = () => {
    const taken = new Set([...select.selectedOptions].map((option) => option.value));
    for (const box of boxes) box.closest("label").hidden = taken.has(box.value);
    suggestions.hidden = boxes.every((box) => box.closest("label").hidden);
  };

  const take = (box) => {
    box.checked = false;
    let option = [...select.options].find((one) => one.value === box.value);
    if (!option) {
      option = new Option(box.dataset.text, box.value, true, true);
      select.append(option);
    }
    option.selected = true;
    $(select).trigger("change");
    boxes.find((one) => !one.closest("label").hidden)?.focus();
  };

  for (const box of boxes) box.addEventListener("change", () => box.checked && take(box));
  $(select).on("change", offer);
  offer();
}
