// The page of `recorder.Recorder`; `microphone.js` stands before it. A sound goes to the kernel as {do: "begin", id,
// rate} or {do: "begin", id, name}, then {do: "piece", id} with a buffer each, then {do: "end", id, bytes}; {do: "drop",
// id} takes it back. An example is {do: "example", id, name}. The kernel counts what it has received, and answers with
// `said`. Nothing is kept here.

const PATIENCE = 30000; // ms without an answer from the kernel before whoever waits is told
const PIECE = 2 ** 21; // bytes; Jupyter's websocket takes no message over 10 MiB
const PART = 0.25; // s of a recording that are sent at once
const QUIET = 10 ** (-50 / 20); // -50 dB of full scale
const NO_ANSWER = "No answer yet. If many people use this page, wait. If nothing happens, load the page again.";
const LOST = "This page has lost its kernel. Load the page again.";

const PAGE = `
  <div class="labeller-row">
    <button type="button" class="labeller-main" data-do="record" aria-describedby="ID-hint">
      <span class="recorder-sign" aria-hidden="true"></span><span class="recorder-word"></span></button>
    <button type="button" data-do="discard">Discard</button>
    <span class="recorder-live"><label>Level <meter min="0" max="1" value="0"></meter></label>
      <span class="recorder-left"></span></span>
  </div>
  <p class="recorder-hint" id="ID-hint"></p>
  <div class="labeller-row">
    <button type="button" data-do="choose" aria-describedby="ID-files">Choose a file</button>
    <span class="recorder-hint" id="ID-files"></span>
    <input type="file" hidden>
  </div>
  <div class="labeller-row" role="group" aria-labelledby="ID-examples">
    <span class="recorder-hint" id="ID-examples">Or an example:</span></div>
  <div class="labeller-row recorder-file" hidden><span>File: <bdi></bdi></span>
    <progress aria-label="sent"></progress><button type="button" data-do="cancel">Cancel</button></div>
  <p class="labeller-said" role="status" aria-live="polite"></p>`;

/** In which states a button can be pressed. */
const OPEN = { record: ["idle", "recording"], discard: ["recording"], choose: ["idle"], example: ["idle"], cancel: ["sending"] };

/** A name as a line of text: no folders, nothing invisible, nothing that turns the direction of writing round. */
function plainName(name) {
  const seen = name.normalize("NFC").split(/[/\\]/).at(-1).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "");
  const letters = [...seen.replace(/(\p{M}{2})\p{M}+/gu, "$1").trim()];
  return letters.length > 80 ? `${letters.slice(0, 59).join("")}…${letters.slice(-20).join("")}` : letters.join("");
}

/** Why a file is not sent, or nothing. */
function objection({ name, size }, endings, megabytes) {
  const ending = /\.([^.]+)$/.exec(plainName(name))?.[1].toLowerCase();
  if (!endings.includes(ending)) {
    return `This is no sound that can be read here. Names of such files end with .${endings.join(", .")}.`;
  }
  if (size === 0) return "This file is empty.";
  return size <= megabytes * 1e6 ? "" : `This file is too large: it has ${(size / 1e6).toFixed(1)} MB, and ${megabytes} MB `
    + "are the most. It was not sent.";
}

/** The way to the kernel. One sound at a time; what is waited for is rejected without a reason if `said` gives it. */
function makeSender(model) {
  let id = null;
  let sent = 0;
  let waiting = null;
  let broken = false;
  function send(message, buffers) {
    try { model.send(message, undefined, buffers); } catch { broken = true; } // the kernel has ended
  }
  function settle(how, value) {
    clearTimeout(waiting?.timer);
    const settled = waiting?.[how];
    waiting = null;
    settled?.(value);
  }
  const answer = () => new Promise((resolve, reject) => {
    if (broken) throw new Error(LOST);
    waiting = { resolve, reject, timer: setTimeout(() => settle("reject", new Error(NO_ANSWER)), PATIENCE) };
  });
  const counted = (message) => { if (message.id === id && message.received === sent) settle("resolve"); };
  const told = () => {
    const { id: answered, trouble } = model.get("said");
    if (answered === id) settle(trouble ? "reject" : "resolve");
  };
  model.on("msg:custom", counted);
  model.on("change:said", told);
  const begin = (message) => {
    id = Math.random().toString(36).slice(2);
    sent = 0;
    broken = false;
    send({ id, ...message });
  };
  return {
    answer,
    begin: (what) => begin({ do: "begin", ...what }),
    piece(buffer) { sent += buffer.byteLength; send({ do: "piece", id }, [buffer]); },
    end() { send({ do: "end", id, bytes: sent }); return answer(); },
    example(name) { begin({ do: "example", name }); return answer(); },
    drop() { send({ do: "drop", id }); id = null; settle("reject"); },
    off() { settle("reject"); model.off("msg:custom", counted); model.off("change:said", told); },
  };
}

/** A recording that is sent while it grows; `onPart` is told the loudest sample of a block, and the length so far. */
async function makeRecording(sender, seconds, onPart, onFull) {
  let [held, sent, count, most] = [[], 0, 0, 0]; // blocks; and samples that are sent, come, and wanted
  function flush() {
    if (count === sent) return;
    const samples = new Float32Array(count - sent);
    for (const block of held) { samples.set(block, sent - count + samples.length); sent += block.length; }
    held = [];
    sender.piece(samples.buffer);
  }
  const microphone = await listen((block) => {
    const part = block.subarray(0, Math.max(0, most - count));
    if (!part.length) return;
    held.push(part);
    count += part.length;
    if (count - sent >= PART * microphone.rate) flush();
    onPart(part.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0), count / microphone.rate);
    if (count === most) onFull();
  });
  most = Math.ceil(seconds * microphone.rate);
  microphone.onLost(onFull);
  sender.begin({ rate: microphone.rate });
  return {
    /** Stop, and send no more. */
    stop() { most = 0; return microphone.stop(); },
    /** Stop, send the rest, and return the length in seconds. */
    async finish() { await microphone.stop(); flush(); return count / microphone.rate; },
  };
}

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "labeller recorder";
  root.setAttribute("aria-label", "Record, or choose a file");
  // JupyterLab would otherwise take keys for its own.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.innerHTML = PAGE.replaceAll("ID-", `recorder-${Math.random().toString(36).slice(2)}-`);
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const [seconds, megabytes, endings] = ["seconds", "megabytes", "endings"].map((name) => model.get(name));
  const [chooser, meter, progress] = ["input", "meter", "progress"].map(find);
  const hindered = hindrance();
  const sender = makeSender(model);
  let state = "idle"; // or asking (for the microphone), recording, sending, waiting (for an answer)
  let recording = null;
  let loudest = 0;
  let gone = false;

  function say(text, trouble = false) {
    find(".labeller-said").textContent = text;
    find(".labeller-said").classList.toggle("labeller-wrong", trouble);
  }
  function enter(next) {
    state = next;
    for (const button of root.querySelectorAll("[data-do]")) {
      const open = OPEN[button.dataset.do].includes(state) && !(hindered && button.dataset.do === "record");
      button.setAttribute("aria-disabled", String(!open)); // `disabled` would lose the focus
    }
    if (["idle", "recording"].includes(state)) root.removeAttribute("aria-busy");
    else root.setAttribute("aria-busy", "true");
    root.classList.toggle("recorder-on", state === "recording");
    find(".recorder-word").textContent = state === "recording" ? "Stop" : "Record";
    find("[data-do=discard]").hidden = find(".recorder-live").hidden = state !== "recording";
    progress.hidden = find("[data-do=cancel]").hidden = state !== "sending";
  }
  function showFile(name) {
    find(".recorder-file").hidden = name === null;
    find("bdi").textContent = name ?? "";
  }
  async function settle(answer) {
    await answer.catch((error) => { if (error) say(error.message, true); });
    if (!gone) enter("idle");
  }
  /** Leave what is being done; the focus goes where one can go on. */
  function leave(words, button) {
    enter("idle");
    sender.drop();
    say(words);
    find(`[data-do=${button}]`).focus();
  }

  function follow(peak, length) {
    loudest = Math.max(loudest, peak);
    const level = peak > 0 ? Math.max(0, 1 + Math.log10(peak) / 3) : 0; // 0 at -60 dB
    meter.value = Math.max(level, meter.value - 0.05);
    const left = Math.ceil(seconds - length);
    const warning = peak > 0.99 ? " · too loud" : length > 2 && loudest < QUIET ? " · hardly anything is heard" : "";
    find(".recorder-left").textContent = `${left} s left${warning}`;
    if (left === 5 && seconds > 10) say("5 seconds left.");
  }
  async function record() {
    enter("asking");
    say("Waiting for the microphone. Allow it if the browser asks.");
    showFile(null);
    loudest = 0;
    try {
      recording = await makeRecording(sender, seconds, follow, stop);
    } catch (error) {
      enter("idle");
      say(refusal(error), true);
      return;
    }
    if (gone) { recording.stop(); return; }
    enter("recording");
    say("Recording.");
  }
  async function stop() {
    if (state !== "recording") return;
    enter("waiting");
    const length = await recording.finish();
    recording = null;
    say(`Recorded ${length.toFixed(1)} s. Listening to it …`);
    settle(sender.end());
  }
  function discard() {
    recording.stop();
    recording = null;
    leave("Discarded.", "record");
  }

  function upload(files) {
    if (state !== "idle") { say("Wait until the sound before is done with.", true); return; }
    if (files.length !== 1) { say(files.length ? "Give one file at a time." : "That is no file.", true); return; }
    const [file] = files;
    showFile(plainName(file.name) || "unnamed");
    const wrong = objection(file, endings, megabytes);
    if (wrong) { say(wrong, true); return; }
    enter("sending");
    say("Sending …");
    settle(send(file));
  }
  async function send(file) {
    sender.begin({ name: file.name.slice(0, 1000) });
    for (let at = 0; at < file.size; at += PIECE) {
      Object.assign(progress, { max: file.size, value: at });
      const piece = await file.slice(at, at + PIECE).arrayBuffer().catch(() => {
        sender.drop();
        throw new Error("This file cannot be read: it may have been changed or moved. Choose it again.");
      });
      if (state !== "sending") return; // cancelled
      sender.piece(piece);
      await sender.answer();
    }
    enter("waiting");
    say("Sent. Listening to it …");
    await sender.end();
  }
  function example({ dataset }) {
    enter("waiting");
    say("Listening to it …");
    showFile(null);
    settle(sender.example(dataset.name));
  }

  const actions = {
    record: () => (state === "recording" ? stop() : record()), discard, example,
    choose: () => chooser.click(),
    cancel: () => leave("Cancelled.", "choose"),
  };
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-do]");
    if (button?.getAttribute("aria-disabled") === "false") actions[button.dataset.do](button);
    else if (button?.dataset.do === "record" && hindered) say(hindered, true);
  });
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" && state === "recording") discard();
  });
  chooser.addEventListener("change", () => {
    const files = [...chooser.files];
    chooser.value = ""; // so that the same file can be chosen again
    if (files.length) upload(files);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    root.addEventListener(name, (event) => {
      event.preventDefault(); // else the browser opens the file in place of the page
      event.stopPropagation();
      root.classList.toggle("recorder-over", name === "dragover");
      if (name === "drop") upload([...event.dataTransfer.files]);
    });
  }
  function tell() {
    const { text, trouble } = model.get("said");
    if (text) say(text, trouble);
  }

  chooser.accept = ["audio/*", ...endings.map((each) => `.${each}`)].join(",");
  find("[id$=-hint]").textContent = hindered || `A recording stops by itself after ${seconds} s.`;
  find("[id$=-files]").textContent = `or drop one here: WAV, FLAC, MP3, m4a, webm …, up to ${megabytes} MB`;
  find("[role=group]").hidden = model.get("examples").length === 0;
  for (const name of model.get("examples")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    Object.assign(button.dataset, { do: "example", name });
    find("[role=group]").append(button);
  }
  model.on("change:said", tell);
  enter("idle");
  tell();
  return () => {
    gone = true;
    sender.off();
    recording?.stop();
    model.off("change:said", tell);
  };
}

export default { render };
