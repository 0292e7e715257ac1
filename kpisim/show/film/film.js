"use strict";
// Draws one day, or a moment between two, as SVG; nothing is fetched.
const data = JSON.parse(document.getElementById("data").textContent);
const days = data.days, last = days.length - 1, DAY = 900;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let lang = data.first, at = 0, playing = false, before = 0;
const words = () => data.words[lang];
const safe = text => String(text).replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const between = (a, b, p) => a + (b - a) * p;
const most = pick => Math.max(1, ...days.map(pick));
const top1 = { open: most(d => Math.max(...d.open)), backlog: most(d => Math.max(...d.backlog)), money: most(d => Math.max(d.booked, d.plan || 0)) };
const whole = value => Math.round(value).toLocaleString("en-US");
const text = (x, y, said, more = "") => `<text x="${x}" y="${y}" ${more}>${safe(said)}</text>`;

function picture(moment) {
  const w = words(), day = Math.min(Math.floor(moment), last), p = moment - day;
  const now = days[day], next = days[Math.min(day + 1, last)], parts = [];
  // Bookings against the plan, drawn day by day.
  const X = i => 20 + 600 * i / Math.max(last, 1), Y = v => 290 - 230 * v / top1.money;
  parts.push(text(20, 26, w.booked, 'font-size="24" font-weight="600"'));
  parts.push('<path d="M20 290H620" stroke="#8a949e"/>');
  if (now.plan !== null) {
    parts.push(`<path d="M${days.map((d, i) => X(i) + " " + Y(d.plan)).join("L")}" fill="none" stroke="#5f6670" stroke-width="2" stroke-dasharray="7 6"/>`);
    parts.push(text(X(last), Y(days[last].plan) - 10, w.plan + " " + w.plans[last], 'font-size="20" text-anchor="end"'));
  }
  const line = days.slice(0, day + 1).map((d, i) => X(i) + " " + Y(d.booked));
  const tip = [X(moment), Y(between(now.booked, next.booked, p))];
  line.push(tip.join(" "));
  parts.push(`<path d="M${line.join("L")}" fill="none" stroke="#0072b2" stroke-width="5" stroke-linejoin="round"/>`);
  parts.push(`<circle cx="${tip[0]}" cy="${tip[1]}" r="8" fill="#0072b2"/>`);
  parts.push(text(20, 58, w.money[day], 'font-size="30" font-weight="600" style="fill:#005a8e"'));
  // The funnel: a bar a stage; leads fall in at the top, orders leave at the bottom.
  const stages = w.stages.length, high = Math.min(46, 176 / stages);
  parts.push(text(680, 26, w.deals, 'font-size="24" font-weight="600"'));
  w.stages.forEach((name, i) => {
    const y = 74 + i * (high + 8), size = between(now.open[i], next.open[i], p), width = 330 * size / top1.open;
    parts.push(`<rect x="860" y="${y}" width="${width}" height="${high}" fill="#bbd9ec" stroke="#0072b2"/>`);
    parts.push(text(850, y + high / 2 + 6, name, 'font-size="20" text-anchor="end"'));
    parts.push(text(868 + width, y + high / 2 + 7, whole(size), 'font-size="22"'));
  });
  if (p > 0) {
    for (let i = 0; i < Math.min(next.leads, 24); i++)
      parts.push(`<circle cx="${868 + i * 14}" cy="${between(34, 78, Math.min(1, p * 1.4))}" r="5" fill="#0072b2" opacity="${1 - 0.6 * p}"/>`);
    for (let i = 0; i < Math.min(next.orders, 12); i++)
      parts.push(`<path d="M${900 + i * 24} ${between(270, 306, p)}l9 9l-9 9l-9 -9z" fill="#00755b"/>`);
  }
  parts.push(text(680, 316, `${w.leads} ${whole(now.leadsSoFar)} · ${w.orders} ${whole(now.ordersSoFar)}`, 'font-size="22"'));
  // What waits, by rep.
  const reps = now.backlog.length, step = 600 / reps;
  // In a window of 1024 a unit is 0.8 dots; three digits of neighbours must not touch.
  const small = Math.max(15, Math.min(20, step / 2));
  parts.push(text(20, 352, w.backlog, 'font-size="24" font-weight="600"'));
  parts.push('<path d="M20 520H620" stroke="#8a949e"/>');
  now.backlog.forEach((count, i) => {
    const size = between(count, next.backlog[i], p), tall = 125 * size / top1.backlog;
    parts.push(`<rect x="${24 + i * step}" y="${520 - tall}" width="${step - 8}" height="${tall}" fill="#d5d9de" stroke="#5f6670"/>`);
    parts.push(text(24 + i * step + (step - 8) / 2, 514 - tall, whole(size), `font-size="${small}" text-anchor="middle"`));
    parts.push(text(24 + i * step + (step - 8) / 2, 540, i + 1, `font-size="${small}" text-anchor="middle"`));
  });
  // Open complaints: a circle each, a triangle where one waits long.
  parts.push(text(680, 362, w.complaints + w.colon + now.complaints, 'font-size="24" font-weight="600"'));
  for (let i = 0; i < Math.min(now.complaints, 48); i++) {
    const x = 700 + (i % 16) * 32, y = 396 + Math.floor(i / 16) * 34;
    parts.push(i < now.late ? `<path d="M${x - 11} ${y + 10}L${x} ${y - 11}L${x + 11} ${y + 10}Z" fill="#b34700"/>`
      : `<circle cx="${x}" cy="${y}" r="9" fill="#fff" stroke="#b34700" stroke-width="3"/>`);
  }
  if (now.late) parts.push(text(680, 520, w.late, 'font-size="20" style="fill:#8a3500"'));
  const said = `${w.dates[day]}${w.colon}${w.booked} ${w.money[day]}, ${w.leads} ${now.leadsSoFar}, ${w.orders} ${now.ordersSoFar}, ${w.complaints} ${now.complaints}`;
  return `<svg class="stage" viewBox="0 0 1240 550" role="img" aria-label="${safe(said)}">${parts.join("")}</svg>`;
}

const caption = day => words().events[day].map(safe).join(lang === "zh" ? "" : " ") || "&nbsp;";
const where = day => words().of.replace("{day}", day + 1).replace("{count}", last + 1);

function layout() {
  const w = words();
  document.documentElement.lang = w.tag;
  document.title = w.title;
  const stills = still ? `<div class="stills">${[0, 1, 2, 3].map(k => Math.round(last * k / 3)).map(day =>
    `<figure><div class="clock">${safe(w.dates[day])}</div>${picture(day)}<div class="caption">${caption(day)}</div></figure>`).join("")}</div>` : "";
  document.getElementById("film").innerHTML = `<h1>${safe(w.title)}</h1>${stills}
    <div class="clock" id="clock"></div><div id="stage"></div><div class="caption" id="caption" role="status"></div>
    <div class="bar"><button id="play"></button><button id="back">◀ ${safe(w.back)}</button><button id="on">${safe(w.on)} ▶</button>
    <button id="again">${safe(w.again)}</button><input id="seek" type="range" min="0" max="${last}" step="1" aria-label="${safe(w.seek)}">
    <button id="lang" lang="${lang === "zh" ? "en" : "zh-CN"}">${w.other}</button></div>
    <p class="small">${safe(w.keys)}</p><p class="small">${safe(w.note)}</p>`;
  const on = (id, act) => document.getElementById(id).addEventListener("click", act);
  on("play", toggle); on("back", () => step(-1)); on("on", () => step(1)); on("again", () => go(0)); on("lang", other);
  document.getElementById("seek").addEventListener("input", event => go(Number(event.target.value)));
  show();
}

let captioned = -1;
function show() {
  const day = Math.min(Math.floor(at), last);
  document.getElementById("stage").innerHTML = picture(at);
  if (captioned !== day + lang) {
    document.getElementById("caption").innerHTML = caption(day);
    document.getElementById("caption").toggleAttribute("data-none", !words().events[day].length);
    document.getElementById("clock").textContent = `${words().dates[day]} · ${where(day)}`;
    document.getElementById("seek").value = day;
    captioned = day + lang;
  }
  const play = document.getElementById("play"), label = playing ? "❚❚ " + words().pause : "▶ " + words().play;
  if (play.textContent !== label) play.textContent = label;
}
function go(day) { at = Math.max(0, Math.min(last, day)); captioned = -1; show(); }
function step(by) { playing = false; go(Math.floor(at) + by); }
function other() { lang = lang === "zh" ? "en" : "zh"; captioned = -1; layout(); document.getElementById("lang").focus(); }
function toggle() {
  // Who asked for no motion steps by hand; a day a second without anything moving in between is left to him.
  if (at >= last) at = 0;
  playing = !playing; before = performance.now(); captioned = -1; show();
  if (playing) requestAnimationFrame(frame);
}
function frame(time) {
  if (!playing) return;
  const gone = Math.max(0, time - before) / DAY; before = time;
  const news = words().events[Math.min(Math.floor(at), last)].length;
  // A day with news stays longer, so that it can be read.
  at = Math.min(last, at + gone / (1 + 0.8 * news));
  if (at >= last) playing = false;
  if (!still || Math.floor(at) + lang !== captioned) show();
  if (playing) requestAnimationFrame(frame);
}
addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === "SUMMARY") return;
  const act = { " ": toggle, ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => { playing = false; go(0); }, End: () => { playing = false; go(last); }, l: other, L: other }[event.key];
  if (act && !(event.key === " " && event.target.tagName === "BUTTON" && event.target.id !== "play")) { event.preventDefault(); act(); }
});
layout();
