// The microphone for `recorder.js`, which follows on it: raw samples, and in words why there are none.

const BLOCK = 2048; // samples that the microphone gives at once
const SLOW_BLOCK = 8192; // where the page's own work is in between, which loses what it has no time for

// A browser would otherwise take away what it holds for noise, and level the loudness out: both tell of emotion.
const RAW = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const NOT_SECURE = "No microphone here: browsers give one only to pages from this computer (http://localhost) or over "
  + "HTTPS, and this page is neither. You can choose a file instead.";
const NONE = "This browser gives no microphone to pages. You can choose a file instead.";
const REFUSED = {
  NotAllowedError: "The microphone was refused. Allow it beside the page's address, or in the settings of the browser "
    + "and of the computer, then press Record again. You can also choose a file.",
  NotFoundError: "No microphone was found. Plug one in and press Record again, or choose a file.",
  NotReadableError: "The microphone cannot be used now; another program may hold it. Close that one and press Record "
    + "again, or choose a file.",
};

/** Why this page can have no microphone, or nothing. */
function hindrance() {
  if (!window.isSecureContext) return NOT_SECURE;
  return navigator.mediaDevices?.getUserMedia ? "" : NONE;
}

/** Why the microphone did not start. */
const refusal = ({ name }) => REFUSED[name] ?? `The microphone cannot be used (${name}). You can choose a file instead.`;

const WORKLET = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(${BLOCK});
    this.filled = 0;
    this.port.onmessage = () => {
      this.over = true;
      this.port.postMessage(this.block.slice(0, this.filled));
      this.port.postMessage(null);
    };
  }
  process([[channel]]) {
    for (const sample of channel ?? []) {
      this.block[this.filled++] = sample;
      if (this.filled === this.block.length) {
        this.port.postMessage(this.block.slice());
        this.filled = 0;
      }
    }
    return !this.over;
  }
});`;

/** The node that records beside the page's own work; null where a browser has none, or a site forbids it. */
async function makeWorklet(context) {
  const address = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(address);
    const options = { numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1, channelCountMode: "explicit" };
    return new AudioWorkletNode(context, "recorder", options);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Open the microphone and hand each block of samples on until `stop`, which resolves after the last one. */
async function listen(hand) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: RAW });
  const release = () => { for (const track of stream.getTracks()) track.stop(); };
  try {
    const context = new AudioContext();
    await context.resume();
    const node = (await makeWorklet(context)) ?? context.createScriptProcessor(SLOW_BLOCK, 1, 1);
    let rest = Promise.resolve();
    if (node.port) {
      rest = new Promise((resolve) => { node.port.onmessage = ({ data }) => (data ? hand(data) : resolve()); });
    } else node.onaudioprocess = ({ inputBuffer }) => hand(inputBuffer.getChannelData(0).slice());
    context.createMediaStreamSource(stream).connect(node);
    node.connect(context.destination); // it stays silent, but some browsers run only what leads there
    return {
      rate: context.sampleRate,
      /** Call a function when the microphone is unplugged. */
      onLost: (lost) => { for (const track of stream.getTracks()) track.addEventListener("ended", lost); },
      async stop() {
        node.port?.postMessage("stop");
        await Promise.race([rest, new Promise((resolve) => { setTimeout(resolve, 500); })]);
        release();
        await context.close();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
