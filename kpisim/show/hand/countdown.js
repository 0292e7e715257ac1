// The time left as the server counts it; the page only draws between two answers, so a reload loses nothing.
function render({ model, el }) {
  const face = document.createElement("div");
  face.className = "kpisim-hand kpisim-clock";
  face.innerHTML = '<b role="timer"></b><span class="bar" aria-hidden="true"><i></i></span><span class="word"></span><span class="unseen" aria-live="polite"></span>';
  el.replaceChildren(face);
  const [digits, bar, word, live] = [face.querySelector("b"), face.querySelector("i"), face.querySelector(".word"), face.querySelector(".unseen")];
  let zero = performance.now();
  let told = false;
  let minute = null;

  function left() {
    const given = model.get("left");
    return model.get("running") ? Math.max(0, given - (performance.now() - zero) / 1000) : given;
  }
  function show() {
    const rest = left();
    const words = model.get("words");
    const whole = Math.ceil(rest);
    const text = Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
    const state = rest <= 0 ? "over" : !model.get("running") ? "still" : rest <= 60 ? "late" : "running";
    digits.textContent = text;
    bar.style.width = (100 * rest) / Math.max(model.get("whole"), 1) + "%";
    face.dataset.state = state;
    word.textContent = words[state] || "";
    if (Math.floor(rest / 60) !== minute) {
      minute = Math.floor(rest / 60);
      live.textContent = text + " " + (words[state] || "");
    }
    if (rest <= 0 && model.get("running") && !told) {
      told = true;
      model.send({ kind: "over" });
    }
  }
  function follow() {
    zero = performance.now();
    told = false;
    show();
  }
  model.on("change:tick", follow);
  model.on("change:words", show);
  const timer = setInterval(show, 250);
  // The trainer may pause the room: the page asks again every five seconds.
  const asking = setInterval(() => model.send({ kind: "ask" }), 5000);
  model.send({ kind: "ask" });
  show();
  return () => {
    clearInterval(timer);
    clearInterval(asking);
    model.off("change:tick", follow);
    model.off("change:words", show);
  };
}
export default { render };
