// The page of `labeller.Labeller`. The kernel sends the clip to show (`shown`) and what to tell the rater
// (`said`); the page sends back {do: "save", clip, answer} or {do: "undo"}. Nothing is kept here.

const PATIENCE = 5000; // ms without an answer from the kernel before the rater is told

const PAGE = `
  <div class="labeller-head">
    <strong class="labeller-count"></strong>
    <progress aria-label="clips labelled"></progress>
    <span class="labeller-rater"></span>
  </div>
  <p class="labeller-trouble" role="alert"></p>
  <div class="labeller-work">
    <div class="labeller-picture"><div class="labeller-figure"></div><div class="labeller-cursor"></div></div>
    <div class="labeller-row">
      <button type="button" data-do="play" aria-keyshortcuts="Space">
        <span class="labeller-play">Play</span> <kbd>Space</kbd></button>
      <label><input type="checkbox" data-name="on" checked> play each next clip at once</label>
    </div>
    <fieldset><legend>Emotion</legend><div class="labeller-row labeller-choices"></div></fieldset>
    <fieldset aria-label="Mark"><div class="labeller-row">
      <label class="labeller-choice"><input type="checkbox" data-mark="unsure"> unsure <kbd>u</kbd></label>
      <label class="labeller-choice">
        <input type="checkbox" data-mark="not speech"> not speech <kbd>n</kbd></label>
    </div></fieldset>
    <fieldset><legend>How it sounds (may be left out)</legend>
      <div class="labeller-scale" data-scale="arousal" data-low="calm" data-high="excited"></div>
      <div class="labeller-scale" data-scale="valence" data-low="unpleasant" data-high="pleasant"></div>
    </fieldset>
    <label class="labeller-note">
      Note <input type="text" data-name="note" autocomplete="off" maxlength="500"></label>
  </div>
  <div class="labeller-row">
    <button type="button" data-do="save" class="labeller-main" aria-keyshortcuts="Enter">
      Save and next <kbd>Enter</kbd></button>
    <button type="button" data-do="undo" aria-keyshortcuts="z Backspace">Undo <kbd>z</kbd></button>
    <p class="labeller-said" role="status" aria-live="polite"></p>
  </div>`;

const SCALE = (name, low, high) => `
  <label><span class="labeller-name">${name}
    <span class="labeller-keys"><kbd>${name[0]}</kbd> <kbd>1</kbd> – <kbd>7</kbd></span></span>
    <span class="labeller-low">${low}</span><input type="range" min="1" max="7" step="1" value="4"
    ><span class="labeller-high">${high}</span></label>
  <output></output>
  <button type="button" aria-label="clear ${name}">clear</button>`;

const EMPTY = { emotion: null, arousal: null, valence: null, mark: "", note: "" };

/** The form: what the rater has chosen for the clip on the page. */
function makeForm(root, labels) {
  const note = root.querySelector("[data-name=note]");
  const marks = [...root.querySelectorAll("[data-mark]")];
  const group = `emotion-${Math.random()}`;
  const choices = labels.map((label, at) => {
    const choice = document.createElement("label");
    choice.className = "labeller-choice";
    const key = at < 9 ? ` <kbd>${at + 1}</kbd>` : "";
    choice.innerHTML = `<input type="radio" name="${group}"> <span></span>${key}`;
    choice.querySelector("span").textContent = label;
    root.querySelector(".labeller-choices").append(choice);
    return choice.querySelector("input");
  });
  const scales = Object.fromEntries([...root.querySelectorAll("[data-scale]")].map((box) => {
    const { scale, low, high } = box.dataset;
    box.innerHTML = SCALE(scale, low, high);
    const [slider, output, clear] = ["input", "output", "button"].map((tag) => box.querySelector(tag));
    return [scale, { box, slider, output, clear }];
  }));
  let filled = EMPTY;
  let answer = EMPTY;

  function set(changes) {
    answer = { ...answer, ...changes };
    // What is not speech carries no emotion; whoever names an emotion takes "not speech" back.
    const heard = changes.emotion || changes.arousal || changes.valence;
    if (changes.mark === "not speech") answer = { ...answer, emotion: null, arousal: null, valence: null };
    else if (heard && answer.mark === "not speech") answer = { ...answer, mark: "" };
    draw();
  }
  function draw() {
    choices.forEach((choice, at) => (choice.checked = labels[at] === answer.emotion));
    marks.forEach((mark) => (mark.checked = mark.dataset.mark === answer.mark));
    for (const [name, { box, slider, output, clear }] of Object.entries(scales)) {
      const value = answer[name];
      box.classList.toggle("labeller-unset", value === null);
      slider.value = value ?? 4;
      slider.setAttribute("aria-valuetext", value ?? "not set");
      output.textContent = value ?? "–";
      clear.disabled = value === null;
    }
    if (note.value !== answer.note) note.value = answer.note;
  }
  const choose = (at) => set({ emotion: answer.emotion === labels[at] ? null : labels[at] });
  const mark = (name) => set({ mark: answer.mark === name ? "" : name });

  choices.forEach((choice, at) => {
    choice.addEventListener("change", () => set({ emotion: labels[at] }));
    // A second click takes the choice back; a radio button alone cannot do that.
    let before = false;
    const remember = () => (before = choice.checked);
    choice.parentElement.addEventListener("pointerdown", remember);
    choice.addEventListener("click", () => { if (before) set({ emotion: null }); before = false; });
  });
  marks.forEach((box) => box.addEventListener("change", () => mark(box.dataset.mark)));
  for (const [name, { slider, clear }] of Object.entries(scales)) {
    const read = () => set({ [name]: Number(slider.value) });
    slider.addEventListener("input", read);
    slider.addEventListener("pointerup", read); // on the middle of an untouched slider there is no input
    clear.addEventListener("click", () => { set({ [name]: null }); slider.focus(); });
  }
  note.addEventListener("input", () => (answer = { ...answer, note: note.value }));
  return {
    note, scales, labels, choose, mark, set,
    answer: () => ({ ...answer }),
    fill: (given) => { answer = filled = { ...EMPTY, ...given }; draw(); },
    changed: () => Object.keys(EMPTY).some((name) => answer[name] !== filled[name]),
    scaleOf: (slider) => Object.keys(scales).find((name) => scales[name].slider === slider),
  };
}

/** The player: one clip's sound, and the line that runs over its picture. */
function makePlayer(root) {
  const sound = new Audio();
  const word = root.querySelector(".labeller-play");
  const cursor = root.querySelector(".labeller-cursor");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let address = null;
  function follow() {
    const share = sound.duration ? sound.currentTime / sound.duration : 0;
    cursor.style.left = `${100 * share}%`;
    cursor.hidden = sound.paused || still.matches;
    word.textContent = sound.paused ? "Play" : "Stop";
    if (!sound.paused) requestAnimationFrame(follow);
  }
  for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, follow);
  follow();
  const stop = () => { sound.pause(); sound.currentTime = 0; };
  return {
    load(bytes) {
      sound.pause();
      if (address) URL.revokeObjectURL(address);
      address = bytes?.byteLength ? URL.createObjectURL(new Blob([bytes], { type: "audio/wav" })) : null;
      if (address) sound.src = address;
      else sound.removeAttribute("src");
    },
    // A browser refuses to play before the rater has done anything on the page; then Play does it.
    play: () => address && sound.play().catch(() => {}),
    toggle() { if (sound.paused) this.play(); else stop(); },
    end() { sound.pause(); if (address) URL.revokeObjectURL(address); },
  };
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "labeller";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  // JupyterLab would otherwise take Enter, z and the digits for its own.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.innerHTML = PAGE;
  el.append(root);
  const find = (name) => root.querySelector(name);
  const form = makeForm(root, model.get("scheme"));
  const player = makePlayer(root);
  const next = find("[data-name=on]");
  find(".labeller-rater").textContent = `rater ${model.get("rater")}`;
  let waiting = null;

  const say = (text, trouble = false) => {
    find(".labeller-said").textContent = text;
    find(".labeller-said").classList.toggle("labeller-wrong", trouble);
  };
  const home = () => root.focus({ preventScroll: true }); // where all keys work
  function answered() {
    clearTimeout(waiting);
    waiting = null;
    root.removeAttribute("aria-busy");
    find(".labeller-work").inert = false;
  }
  function ask(message) {
    if (root.contains(document.activeElement)) home();
    root.setAttribute("aria-busy", "true");
    find(".labeller-work").inert = true; // what is chosen now would be lost when the next clip comes
    waiting = setTimeout(() => {
      answered();
      say("No answer from the kernel: your last step may not be saved. If the kernel is busy, wait. If it "
        + "has stopped, run the cell again: you go on after the last clip that was saved.", true);
    }, PATIENCE);
    model.send(message);
  }
  function save() {
    const answer = form.answer();
    if (!model.get("shown").clip) return;
    if (answer.emotion === null && answer.mark === "" && answer.note.trim() === "") {
      say("Choose an emotion first, or mark the clip as unsure or not speech.", true);
      return;
    }
    ask({ do: "save", clip: model.get("shown").clip, answer });
  }
  function undo() {
    if (model.get("shown").clip && form.changed()) {
      form.fill(model.get("shown").answer);
      say("Your choice is taken back. Undo once more goes back to the clip before.");
    } else ask({ do: "undo" });
  }
  const actions = { play: () => player.toggle(), save, undo };

  function count() {
    const { clip, done, total } = model.get("shown");
    return clip ? `Clip ${done + 1} of ${total}` : `All ${total} clips are labelled`;
  }
  function show() {
    const { clip, done, total, figure, sound, trouble, answer } = model.get("shown");
    find(".labeller-count").textContent = count();
    const last = Math.min(9, form.labels.length);
    root.setAttribute("aria-label", `${count()}. Space plays, 1 to ${last} choose an emotion, `
      + "u unsure, n not speech, a and v the scales, Enter saves, z takes back.");
    Object.assign(find("progress"), { max: total, value: done });
    find(".labeller-work").hidden = find("[data-do=save]").hidden = !clip;
    find(".labeller-figure").innerHTML = figure;
    find(".labeller-picture").hidden = find("[data-do=play]").hidden = !figure;
    find(".labeller-trouble").textContent = trouble;
    form.fill(answer);
    player.load(sound);
  }
  function showNext() {
    const inside = root.contains(document.activeElement);
    show();
    if (inside) home();
    if (inside && next.checked) player.play();
  }
  function tell() {
    answered();
    const { text, trouble } = model.get("said");
    say(trouble || !text ? text ?? "" : `${text} ${count()}.`, trouble);
  }

  /** Do what a key stands for; false if it keeps its usual meaning. */
  function press({ key: pressed, code, target }) {
    const key = pressed.length === 1 ? pressed.toLowerCase() : pressed; // Caps Lock or not
    // Where digits need Shift, as on French keyboards, the key's place counts.
    const number = Number(/^[1-9]$/.test(key) ? key : /^Digit([1-9])$/.exec(code)?.[1]);
    const scale = form.scaleOf(target);
    const button = target.tagName === "BUTTON";
    const tick = target.matches("[type=checkbox], [type=radio]:not(:checked)");
    if (key === "Enter" && !button) save();
    else if (key === "Escape" && target !== root) home();
    else if (target === form.note) return false;
    else if (key === " " && (button || tick)) return false;
    else if (key === " " || key === "p") player.toggle();
    else if (scale && number <= 7) { form.set({ [scale]: number }); home(); }
    else if (scale && key === "Delete") form.set({ [scale]: null });
    else if (number <= form.labels.length) form.choose(number - 1);
    else if (key === "u") form.mark("unsure");
    else if (key === "n") form.mark("not speech");
    else if (key === "a") form.scales.arousal.slider.focus();
    else if (key === "v") form.scales.valence.slider.focus();
    else if (key === "z" || key === "Backspace") undo();
    else return false;
    return true;
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    // A key that is held down acts once, but arrows go on, and so does writing a note.
    const held = event.repeat && event.target !== form.note && /^(.|Enter|Backspace)$/.test(event.key);
    if (held || waiting || press(event)) event.preventDefault();
  });
  root.addEventListener("click", ({ target }) => {
    if (!waiting) actions[target.closest("[data-do]")?.dataset.do]?.();
  });

  model.on("change:shown", showNext);
  model.on("change:said", tell);
  show();
  return () => {
    answered();
    player.end();
    model.off("change:shown", showNext);
    model.off("change:said", tell);
  };
}

export default { render };
