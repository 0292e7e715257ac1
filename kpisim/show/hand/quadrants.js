// Four quadrants. A card is a button: drag it, or pick it and pick a quadrant, or press 1 to 4 or an arrow key.
const ORDER = ["do", "plan", "delegate", "drop"];
// Left column urgent, upper row important.
const ARROWS = {
  ArrowLeft: { plan: "do", drop: "delegate" },
  ArrowRight: { do: "plan", delegate: "drop" },
  ArrowUp: { delegate: "do", drop: "plan" },
  ArrowDown: { do: "delegate", plan: "drop" },
};

function render({ model, el }) {
  // Without this JupyterLab would take the keys for its own commands.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const root = document.createElement("div");
  root.className = "kpisim-hand";
  el.replaceChildren(root);
  let picked = null;
  let focused = null;
  let drag = null;
  let stale = false;
  // A card goes where it was put at once and stays there until the server has answered this very move: a busy server
  // answers an earlier one first.
  let ahead = {};
  let sent = 0;

  function move(id, to) {
    focused = id;
    picked = null;
    sent += 1;
    if (to) ahead[id] = { turn: sent, put: { quadrant: to, by_hand: true } };
    else delete ahead[id];
    model.send({ kind: "move", id: id, to: to, turn: sent });
    draw();
  }
  function answered(message) {
    if (!message || message.kind !== "answer") return;
    if (ahead[message.id] && ahead[message.id].turn <= message.turn) delete ahead[message.id];
    draw();
  }
  function zoneAt(x, y) {
    const under = document.elementFromPoint(x, y);
    return under ? under.closest("section[data-quadrant]") : null;
  }
  function mark(zone) {
    root.querySelectorAll("section[data-over]").forEach((one) => one !== zone && one.removeAttribute("data-over"));
    if (zone && root.contains(zone)) zone.setAttribute("data-over", "");
  }
  function drop(event) {
    if (!drag) return;
    const { card, id, ghost } = drag;
    if (card.hasPointerCapture(event.pointerId)) card.releasePointerCapture(event.pointerId);
    drag = null;
    if (stale) setTimeout(draw);
    mark(null);
    if (!ghost) return;
    ghost.remove();
    card.dataset.dragged = "yes";
    const zone = zoneAt(event.clientX, event.clientY);
    if (event.type === "pointerup" && zone && root.contains(zone)) move(id, zone.dataset.quadrant);
  }
  function cardOf(one, words) {
    const card = document.createElement("button");
    card.type = "button";
    card.className = "kpisim-task";
    card.dataset.id = one.id;
    if (one.by_hand) card.dataset.moved = "";
    card.setAttribute("aria-pressed", String(picked === one.id));
    card.append(document.createTextNode(one.text));
    const small = document.createElement("small");
    small.textContent = one.detail + (one.by_hand ? " · " + words.by_hand : "");
    card.append(small);
    card.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      delete card.dataset.dragged;
      drag = { card, id: one.id, x: event.clientX, y: event.clientY, ghost: null };
      card.setPointerCapture(event.pointerId);
    });
    card.addEventListener("pointermove", (event) => {
      if (!drag || drag.card !== card) return;
      if (!drag.ghost) {
        if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
        // On the body: a container that is moved or clipped would take the ghost along.
        drag.ghost = document.createElement("div");
        drag.ghost.className = "kpisim-hand kpisim-ghost";
        drag.ghost.append(card.cloneNode(true));
        drag.ghost.style.width = Math.min(card.offsetWidth, 280) + "px";
        document.body.append(drag.ghost);
      }
      drag.ghost.style.left = event.clientX + 8 + "px";
      drag.ghost.style.top = event.clientY + 8 + "px";
      mark(zoneAt(event.clientX, event.clientY));
    });
    card.addEventListener("pointerup", drop);
    card.addEventListener("pointercancel", drop);
    card.addEventListener("lostpointercapture", drop);
    card.addEventListener("click", (event) => {
      event.stopPropagation();
      if (card.dataset.dragged) {
        delete card.dataset.dragged;
        return;
      }
      picked = picked === one.id ? null : one.id;
      focused = one.id;
      draw();
    });
    card.addEventListener("keydown", (event) => {
      const to = ORDER[Number(event.key) - 1] || (ARROWS[event.key] || {})[one.quadrant];
      if (to) move(one.id, to);
      else if (event.key === "0" || event.key === "Delete") move(one.id, "");
      else if (!(event.key in ARROWS)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    return card;
  }
  function axis(text, style) {
    const made = document.createElement("div");
    made.className = "axis";
    made.textContent = text;
    made.style.cssText = style;
    return made;
  }
  function draw() {
    // Drawn anew, the card under the hand would be another one, and the hand would lose it.
    stale = drag !== null;
    if (stale) return;
    const words = model.get("words");
    const cards = model.get("cards").map((one) => Object.assign({}, one, (ahead[one.id] || {}).put));
    const grid = document.createElement("div");
    grid.className = "kpisim-quad";
    const corner = axis("", "");
    grid.append(corner, axis(words.urgent, "writing-mode:horizontal-tb"), axis(words.not_urgent, "writing-mode:horizontal-tb"));
    ORDER.forEach((name, place) => {
      if (place % 2 === 0) grid.append(axis(place === 0 ? words.important : words.not_important, ""));
      const there = cards.filter((one) => one.quadrant === name);
      const zone = document.createElement("section");
      zone.dataset.quadrant = name;
      zone.setAttribute("aria-label", words[name]);
      if (name === "do" && there.length > words.most) zone.dataset.full = "";
      const head = document.createElement("h4");
      head.textContent = place + 1 + " " + words[name] + " (" + there.length + ")";
      zone.append(head, ...there.map((one) => cardOf(one, words)));
      zone.addEventListener("click", () => picked !== null && move(picked, name));
      grid.append(zone);
    });
    const said = document.createElement("div");
    said.className = "kpisim-said";
    said.setAttribute("role", "status");
    const full = cards.filter((one) => one.quadrant === "do").length > words.most;
    said.textContent = full ? "▲ " + words.too_many : picked !== null ? words.pick_quadrant : "";
    if (full) said.dataset.warn = "";
    const how = document.createElement("p");
    how.textContent = cards.length ? words.how : words.none;
    const rule = document.createElement("p");
    rule.textContent = words.rule;
    root.replaceChildren(rule, how, said, grid);
    if (focused !== null) {
      const again = root.querySelector('[data-id="' + focused + '"]');
      if (again && (root.contains(document.activeElement) || document.activeElement === document.body)) again.focus();
    }
  }
  model.on("msg:custom", answered);
  model.on("change:cards", draw);
  model.on("change:words", draw);
  draw();
  return () => {
    model.off("msg:custom", answered);
    model.off("change:cards", draw);
    model.off("change:words", draw);
  };
}
export default { render };
