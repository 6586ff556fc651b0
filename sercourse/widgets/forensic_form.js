// The page of `forensic_form.ForensicForm`. It sends {number, asked: {field: text}}, and the kernel answers
// with `said`: a summary, the findings as HTML, and what is wrong with which field. Nothing is kept here.

const PATIENCE = 20000; // ms without an answer from the kernel before the reader is told

const NUMBER = 'type="text" autocomplete="off" spellcheck="false"';

const field = (name, label, hint, input) => `
  <div class="forensic-field">
    <label for="ID-${name}">${label}</label>
    ${input.replace(/^<(\w+)/, `<$1 id="ID-${name}" name="${name}" aria-describedby="ID-${name}-hint ID-${name}-wrong"`)}
    <p class="forensic-hint" id="ID-${name}-hint">${hint}</p>
    <p class="labeller-wrong" id="ID-${name}-wrong" data-wrong="${name}"></p>
  </div>`;

const counts = (n, classes) =>
  field(n, "Tested files", "one number; or guesses, such as 280 or 420", `<input ${NUMBER}>`)
  + field(classes, "Classes", "a whole number", `<input ${NUMBER} inputmode="numeric">`);

const PAGE = `
  <div class="forensic-field">
    <label for="ID-what">Examine</label><select id="ID-what" name="what"></select>
  </div>
  <fieldset data-what="figures"><legend class="forensic-hint">Type figures digit by digit as they are
    printed. What is not known stays empty.</legend><div class="forensic-fields">
    ${field("accuracy", "Accuracy", "such as 0.7796 or 77.96 %", `<input ${NUMBER} inputmode="decimal">`)}
    ${field("loss", "Loss", "mean cross-entropy, such as 0.2287", `<input ${NUMBER} inputmode="decimal">`)}
    ${counts("n", "n_classes")}
  </div></fieldset>
  <fieldset data-what="table"><legend class="forensic-hint">Paste the table of a report, with
    its line of names.</legend>
    ${field("table", "Table", "CSV, tabs or Markdown; per cent and decimal commas are understood",
      '<textarea spellcheck="false" rows="8"></textarea>')}
    <div class="forensic-fields">${counts("table_n", "table_classes")}</div>
  </fieldset>
  <div class="labeller-row">
    <button type="submit" class="labeller-main">Examine</button>
    <p class="labeller-said" role="status" aria-live="polite"></p>
  </div>
  <div class="forensic-findings" role="region" aria-label="Findings"></div>`;

function render({ model, el }) {
  const root = document.createElement("form");
  root.className = "labeller forensic";
  root.noValidate = true;
  root.setAttribute("aria-label", "Examine published figures");
  // JupyterLab would otherwise take keys for its own.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.innerHTML = PAGE.replaceAll("ID-", `forensic-${Math.random().toString(36).slice(2)}-`);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const fields = [...root.querySelectorAll("[name]")];
  const status = find("[role=status]");
  let number = 0;
  let sent = "";
  let waiting = null;

  for (const [value, words] of model.get("choices")) find("[name=what]").add(new Option(words, value));

  function choose() {
    const { value } = find("[name=what]");
    for (const part of root.querySelectorAll("[data-what]")) part.hidden = part.dataset.what !== value;
  }
  function fill() {
    const asked = model.get("asked");
    if (JSON.stringify(asked) === sent) return; // our own question; the reader may be typing the next one
    for (const each of fields) if (each.value !== asked[each.name]) each.value = asked[each.name];
    choose();
  }
  function ask() {
    clearTimeout(waiting);
    number += 1;
    status.textContent = "Examining …";
    waiting = setTimeout(() => {
      status.textContent = "No answer from the kernel. If it is busy, wait; if it has stopped, run the cell again.";
    }, PATIENCE);
    const asked = Object.fromEntries(fields.map((each) => [each.name, each.value]));
    sent = JSON.stringify(asked);
    model.send({ number, asked });
  }
  function show() {
    const { troubles, summary, page } = model.get("said");
    clearTimeout(waiting);
    status.textContent = summary;
    find(".forensic-findings").innerHTML = page;
    for (const each of root.querySelectorAll("[data-wrong]")) {
      const text = troubles[each.dataset.wrong] ?? "";
      each.textContent = text;
      find(`[name=${each.dataset.wrong}]`).setAttribute("aria-invalid", String(text !== ""));
    }
    return troubles;
  }
  function answered() {
    if (model.get("said").number < number) return; // of a question before the last
    const [wrong] = Object.keys(show());
    if (wrong && root.contains(document.activeElement)) find(`[name=${wrong}]`).focus();
  }

  root.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  find("[name=what]").addEventListener("change", () => { choose(); ask(); });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  model.on("change:said", answered);
  model.on("change:asked", fill);
  fill();
  show();
  return () => {
    clearTimeout(waiting);
    model.off("change:said", answered);
    model.off("change:asked", fill);
  };
}

export default { render };
