// The page of `listening.ListeningTest`. The kernel sends one utterance at a time (`shown`) and, after the last
// guess, what was meant (`outcome`); the page sends back {do: "guess", number, emotion}, {do: "undo"} or
// {do: "hear", number}. Until the outcome nothing on the page knows what was meant.

const PATIENCE = 5000; // ms without an answer from the kernel before the listener is told

const PAGE = `
  <div class="labeller-head">
    <strong class="labeller-count"></strong>
    <progress aria-label="utterances judged"></progress>
  </div>
  <div class="labeller-work">
    <div class="labeller-row">
      <button type="button" class="labeller-main" data-do="play" aria-keyshortcuts="Space">
        <span class="labeller-play">Play</span> <kbd>Space</kbd></button>
      <label><input type="checkbox" data-name="on" checked> play each next utterance at once</label>
    </div>
    <fieldset><legend>Which emotion?</legend><div class="labeller-row labeller-choices"></div></fieldset>
  </div>
  <div class="labeller-outcome"></div>
  <div class="labeller-row">
    <button type="button" data-do="undo" aria-keyshortcuts="z Backspace">Undo <kbd>z</kbd></button>
    <p class="labeller-said" role="status" aria-live="polite"></p>
  </div>`;

/** The player of one utterance; `heard` tells whether it was played since it was loaded. */
function makePlayer(word) {
  const sound = new Audio();
  let address = null;
  const tell = () => (word.textContent = sound.paused ? "Play" : "Stop");
  for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, tell);
  const unload = () => { sound.pause(); if (address) URL.revokeObjectURL(address); };
  return {
    heard: false,
    load(bytes) {
      unload();
      this.heard = false;
      address = bytes?.byteLength ? URL.createObjectURL(new Blob([bytes], { type: "audio/wav" })) : null;
      if (address) sound.src = address;
      else sound.removeAttribute("src");
    },
    play() {
      if (!address) return;
      this.heard = true;
      sound.currentTime = 0;
      // A browser refuses to play before the listener has done anything on the page; then Play does it.
      sound.play().catch(({ name }) => { if (name === "NotAllowedError") this.heard = false; });
    },
    toggle() { if (sound.paused) this.play(); else sound.pause(); },
    end: unload,
  };
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "labeller";
  root.style.maxWidth = "64rem"; // two confusions stand side by side in the end
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  // JupyterLab would otherwise take z and the digits for its own.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.innerHTML = PAGE;
  el.append(root);
  const find = (name) => root.querySelector(name);
  const choices = model.get("choices");
  const player = makePlayer(find(".labeller-play"));
  const home = () => root.focus({ preventScroll: true }); // where all keys work
  let waiting = null;

  choices.forEach((name, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.guess = name;
    button.innerHTML = `<span></span> <kbd>${at + 1}</kbd>`;
    button.querySelector("span").textContent = name;
    find(".labeller-choices").append(button);
  });

  function say(text, trouble = false) {
    find(".labeller-said").textContent = text;
    find(".labeller-said").classList.toggle("labeller-wrong", trouble);
  }
  function answered() {
    clearTimeout(waiting);
    waiting = null;
    root.removeAttribute("aria-busy");
  }
  function ask(message) {
    if (message.do !== "hear" && root.contains(document.activeElement)) home();
    root.setAttribute("aria-busy", "true");
    waiting = setTimeout(() => {
      answered();
      say("No answer from the kernel. If it is busy, wait; if it has stopped, run the cell again.", true);
    }, PATIENCE);
    model.send(message);
  }
  function guess(emotion) {
    if (model.get("outcome")) return;
    if (player.heard) ask({ do: "guess", number: model.get("shown").done + 1, emotion });
    else say("Listen first: press Play.", true);
  }
  const actions = { play: () => player.toggle(), undo: () => { if (!model.get("outcome")) ask({ do: "undo" }); } };

  function show() {
    const { done, total, sound } = model.get("shown");
    const outcome = model.get("outcome");
    const count = outcome ? `All ${total} utterances are judged` : `Utterance ${done + 1} of ${total}`;
    find(".labeller-count").textContent = count;
    root.setAttribute("aria-label", outcome ? count
      : `${count}. Space plays, 1 to ${choices.length} name the emotion, z takes back.`);
    Object.assign(find("progress"), { max: total, value: done });
    find(".labeller-work").hidden = find("[data-do=undo]").hidden = Boolean(outcome);
    if (find(".labeller-outcome").innerHTML === "") find(".labeller-outcome").innerHTML = outcome;
    player.load(sound);
    return count;
  }
  function update() {
    answered();
    const count = show();
    const inside = root.contains(document.activeElement);
    const { text } = model.get("said");
    say(model.get("outcome") ? text : `${text} ${count}.`);
    if (inside && (model.get("outcome") || find("[data-name=on]").checked)) player.play();
  }

  /** Do what a key stands for; false if it keeps its usual meaning. */
  function press({ key: pressed, code, target }) {
    const key = pressed.length === 1 ? pressed.toLowerCase() : pressed; // Caps Lock or not
    // Where digits need Shift, as on French keyboards, the key's place counts.
    const number = Number(/^[1-9]$/.test(key) ? key : /^Digit([1-9])$/.exec(code)?.[1]);
    if ((key === " " || key === "Enter") && target !== root) return false;
    if (key === " ") player.toggle();
    else if (number <= choices.length) guess(choices[number - 1]);
    else if (key === "z" || key === "Backspace") actions.undo();
    else return false;
    return true;
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    // A key that is held down acts once.
    if (event.repeat || waiting || press(event)) event.preventDefault();
  });
  root.addEventListener("click", ({ target }) => {
    if (waiting) return;
    const button = target.closest("button");
    if (button?.dataset.do) actions[button.dataset.do]();
    else if (button?.dataset.guess) guess(button.dataset.guess);
    else if (button?.dataset.hear) ask({ do: "hear", number: Number(button.dataset.hear) });
  });

  model.on("change:said", update); // it changes with every answer, and all else has changed by then
  show();
  return () => {
    answered();
    player.end();
    model.off("change:said", update);
  };
}

export default { render };
