// A week of boxes. Drag a box, or give it the focus and press the arrow keys: up and down half an hour, left and right a day.
const FIRST = 8;
const LAST = 20;
// A half hour is as high as a finger is wide.
const HALF = 44;
// The evening stands there only where a box lies in it.
const EVENING = 18;

function render({ model, el }) {
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const root = document.createElement("div");
  root.className = "kpisim-hand kpisim-grid";
  el.replaceChildren(root);
  let focused = null;
  let drag = null;
  let stale = false;
  // A box goes where it was put at once and stays there until the server has answered this very move: a busy server
  // answers an earlier one first.
  let ahead = {};
  let sent = 0;

  function boxes() {
    return model.get("boxes").map((one) => Object.assign({}, one, (ahead[one.id] || {}).put));
  }
  function move(id, day, start) {
    const hours = boxes().find((one) => one.id === id).hours;
    const held = Math.min(Math.max(start, FIRST), LAST - hours);
    focused = id;
    sent += 1;
    ahead[id] = { turn: sent, put: { day: day, start: held } };
    model.send({ kind: "move", id: id, day: day, start: held, turn: sent });
    draw();
  }
  function answered(message) {
    if (!message || message.kind !== "answer") return;
    if (ahead[message.id] && ahead[message.id].turn <= message.turn) delete ahead[message.id];
    draw();
  }
  function placeAt(x, y, grip) {
    const column = [...root.querySelectorAll("[data-day]")].find((one) => {
      const area = one.getBoundingClientRect();
      return x >= area.left && x <= area.right;
    });
    if (!column) return null;
    const top = column.getBoundingClientRect().top;
    return { day: column.dataset.day, start: FIRST + Math.round((y - grip - top) / HALF) / 2 };
  }
  function clock(hour) {
    return Math.floor(hour) + ":" + (hour % 1 ? "30" : "00");
  }
  function boxOf(one, names, words) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "kpisim-box";
    made.dataset.kind = one.kind;
    made.dataset.id = one.id;
    if (one.clash) made.dataset.clash = "";
    made.style.top = (one.start - FIRST) * 2 * HALF + "px";
    made.style.height = Math.max(one.hours * 2 * HALF, HALF) + "px";
    made.textContent = (one.clash ? "! " : "") + words.signs[one.kind] + " " + one.text;
    made.setAttribute("aria-label", one.text + ", " + words.kinds[one.kind] + ", " + clock(one.start) + "–" + clock(one.start + one.hours) + (one.clash ? ", " + words.clash : ""));
    made.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      drag = { id: one.id, grip: event.clientY - made.getBoundingClientRect().top, x: event.clientX, y: event.clientY, going: false };
      made.setPointerCapture(event.pointerId);
    });
    made.addEventListener("pointermove", (event) => {
      if (!drag || drag.id !== one.id) return;
      if (!drag.going && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
      drag.going = true;
      made.dataset.going = "";
      made.style.transform = "translate(" + (event.clientX - drag.x) + "px," + (event.clientY - drag.y) + "px)";
    });
    const end = (event) => {
      if (!drag || drag.id !== one.id) return;
      const { going, grip } = drag;
      drag = null;
      if (stale) setTimeout(draw);
      delete made.dataset.going;
      made.style.transform = "";
      const place = placeAt(event.clientX, event.clientY, grip);
      if (going && place && event.type === "pointerup") move(one.id, place.day, place.start);
    };
    made.addEventListener("pointerup", end);
    made.addEventListener("pointercancel", end);
    made.addEventListener("lostpointercapture", end);
    made.addEventListener("keydown", (event) => {
      const at = names.indexOf(one.day);
      const step = { ArrowUp: [0, -0.5], ArrowDown: [0, 0.5], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const day = names[Math.min(Math.max(at + step[0], 0), names.length - 1)];
      move(one.id, day, one.start + step[1]);
    });
    return made;
  }
  function draw() {
    // Drawn anew, the box under the hand would be another one, and the hand would lose it.
    stale = drag !== null;
    if (stale) return;
    const last = Math.min(Math.max(EVENING, ...boxes().map((one) => Math.ceil(one.start + one.hours))), LAST);
    const words = model.get("words");
    const days = model.get("days");
    const names = days.map((one) => one.name);
    const grid = document.createElement("div");
    grid.className = "kpisim-days";
    grid.style.gridTemplateColumns = "48px repeat(" + days.length + ", minmax(0, 1fr))";
    grid.append(document.createElement("span"));
    days.forEach((one) => {
      const head = document.createElement("div");
      head.className = "head";
      if (one.over) head.dataset.full = "";
      const day = document.createElement("div");
      day.textContent = one.title + " " + one.date;
      const full = document.createElement("div");
      full.textContent = one.off ? words.off : (one.over ? "▲ " : "") + one.full;
      head.append(day, full);
      grid.append(head);
    });
    const hours = document.createElement("div");
    hours.className = "hours";
    for (let hour = FIRST; hour < last; hour += 1) {
      const line = document.createElement("div");
      line.style.height = 2 * HALF + "px";
      line.textContent = hour + ":00";
      hours.append(line);
    }
    grid.append(hours);
    days.forEach((one) => {
      const column = document.createElement("div");
      column.className = "day";
      column.dataset.day = one.name;
      if (one.off) column.dataset.off = "";
      column.style.height = (last - FIRST) * 2 * HALF + "px";
      column.append(...boxes().filter((box) => box.day === one.name).map((box) => boxOf(box, names, words)));
      grid.append(column);
    });
    const how = document.createElement("p");
    how.textContent = model.get("boxes").length ? words.how : words.none;
    const said = document.createElement("div");
    said.className = "kpisim-said";
    said.setAttribute("role", "status");
    const lines = document.createElement("ul");
    words.said.forEach((text) => {
      const line = document.createElement("li");
      line.textContent = "▲ " + text;
      lines.append(line);
    });
    if (words.said.length) said.append(lines);
    const legend = document.createElement("p");
    legend.textContent = Object.keys(words.kinds).map((kind) => words.signs[kind] + " " + words.kinds[kind]).join("\u2003");
    root.replaceChildren(how, said, grid, legend);
    if (focused !== null) {
      const again = root.querySelector('[data-id="' + focused + '"]');
      if (again && (root.contains(document.activeElement) || document.activeElement === document.body)) again.focus();
    }
  }
  model.on("msg:custom", answered);
  model.on("change:boxes", draw);
  model.on("change:days", draw);
  model.on("change:words", draw);
  draw();
  return () => {
    model.off("msg:custom", answered);
    ["change:boxes", "change:days", "change:words"].forEach((name) => model.off(name, draw));
  };
}
export default { render };
