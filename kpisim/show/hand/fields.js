// A text field tells the kernel what was typed once it is left.  Until then the widget does not know of it, and a value
// that arrives meanwhile (another sheet was saved a moment ago and fills this one in) would take the place of the words
// somebody is typing.  So a field that is being typed into takes no value from elsewhere before it is left.
const FIELDS = ".widget-text input, .widget-textarea textarea, .widget-datepicker input, .jupyter-widget-datepicker input";
const HELD = Symbol.for("kpisim.typed");
const GIVEN = ["value", "valueAsDate"];

function native(field, name) {
  return Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), name);
}

// Several pages may be open in one window, each with this script: the field itself says whether it is held.
function hold({ target }) {
  if (!target.matches?.(FIELDS) || target[HELD]) return;
  const came = {};
  for (const name of GIVEN.filter((one) => native(target, one))) {
    Object.defineProperty(target, name, {
      configurable: true,
      get: () => native(target, name).get.call(target),
      set: (value) => {
        came[name] = value;
      },
    });
  }
  target[HELD] = came;
}

function release(target) {
  const came = target[HELD];
  if (!came) return {};
  delete target[HELD];
  for (const name of GIVEN) delete target[name];
  return came;
}

// What was typed goes to the kernel and is the answer; what came meanwhile is left.
function changed({ target }) {
  release(target);
}

// Left as it was found: what came meanwhile is shown now.
function left({ target }) {
  Object.assign(target, release(target));
}

// The handle of a slider is no form element, so the library's label does not name it.
function name() {
  for (const handle of document.querySelectorAll(".kpisim-named .noUi-handle:not([aria-label])"))
    handle.setAttribute("aria-label", handle.closest(".kpisim-named").querySelector(".widget-label").textContent);
}

function render() {
  const stop = new AbortController();
  let soon = 0;
  const seen = new MutationObserver(() => {
    soon ||= setTimeout(() => {
      soon = 0;
      name();
    }, 200);
  });
  seen.observe(document.body, { childList: true, subtree: true });
  name();
  const early = { capture: true, signal: stop.signal };
  document.addEventListener("beforeinput", hold, early);
  document.addEventListener("input", hold, early);
  document.addEventListener("change", changed, early);
  document.addEventListener("focusout", left, early);
  return () => {
    stop.abort();
    seen.disconnect();
    clearTimeout(soon);
  };
}
export default { render };
