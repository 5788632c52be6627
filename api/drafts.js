// Nothing typed is lost: the fields of containers whose key begins with "draft_" are kept in this tab until they are
// saved, and a lost connection is said in the reader's language.
//
// A draft belongs to the person signed in and to the container's key. It is put back into empty fields after a reload and
// after a page that could not be drawn, which says data-luotsi-failed,
// and forgotten when the page says data-luotsi-saved="<the key>", at sign-out, for another person, after 12 hours.
(() => {
  "use strict";
  const SAID = /*SAID*/ {};
  const KEPT = "luotsi-draft:";
  const LIFE = 12 * 60 * 60 * 1000;
  const GRACE = 10 * 1000; // how long after it is drawn a field may still be filled from a draft
  const SLOW = 5 * 1000; // a press that nothing follows in this time is said to wait
  const BOX = '[class*="st-key-draft_"]';
  const TYPED = "textarea, input:not([type=file]):not([type=checkbox]):not([type=radio])";
  const CHOICES = "[role=radiogroup]";

  const saved = new Set(); // keys that the page said are saved
  const pending = new Map(); // key -> {fields, until}: what has not been put back yet
  const looked = new Set(); // keys whose draft was looked for

  const keyOf = (element, beginning = "") => {
    const found = [...element.classList].find((name) => name.startsWith("st-key-" + beginning));
    return found && found.slice("st-key-".length);
  };
  const person = () => {
    const mark = document.querySelector("[data-luotsi-person]");
    return mark && mark.dataset.luotsiPerson;
  };
  const nameOf = (key) => `${KEPT}${person()}:${key}`;

  // A browser may refuse to keep anything; then there are no drafts, and all else works.
  function kept(work) {
    try {
      return work(sessionStorage);
    } catch {
      return undefined;
    }
  }
  const names = (store) => Object.keys(store).filter((name) => name.startsWith(KEPT));
  const read = (name) =>
    kept((store) => {
      const draft = JSON.parse(store.getItem(name) || "null");
      return draft && Date.now() - draft.at < LIFE ? draft : null;
    });
  const drop = (doomed) => kept((store) => names(store).filter(doomed).forEach((name) => store.removeItem(name)));

  // Each field of a box, under the key of its widget.
  function* fieldsOf(box) {
    for (const element of box.querySelectorAll(`${TYPED}, ${CHOICES}`)) {
      const widget = element.parentElement.closest('[class*="st-key-"]');
      if (widget && widget !== box) yield [keyOf(widget), element];
    }
  }
  const optionsOf = (group) => [...group.querySelectorAll("[role=radio]")];
  const isChosen = (option) => option.getAttribute("aria-checked") === "true";
  const valueOf = (field) => (field.matches(CHOICES) ? optionsOf(field).findIndex(isChosen) : field.value);
  const isEmpty = (value) => value === "" || value === -1;

  function keep(box) {
    const key = keyOf(box, "draft_");
    if (!person() || saved.has(key)) return;
    const fields = { ...(pending.get(key) || {}).fields };
    for (const [name, field] of fieldsOf(box)) {
      const value = valueOf(field);
      if (!isEmpty(value)) fields[name] = value;
      else if (!pending.has(key) || !(name in pending.get(key).fields)) delete fields[name];
    }
    kept((store) => {
      if (Object.keys(fields).length) store.setItem(nameOf(key), JSON.stringify({ at: Date.now(), fields }));
      else store.removeItem(nameOf(key));
    });
  }
  const keepOf = (event) => {
    const box = event.target instanceof Element && event.target.closest(BOX);
    if (box) keep(box);
  };
  const keepSoon = (event) => setTimeout(keepOf, 60, event);

  // React hears a value set by a script only through the prototype's setter and an event.
  function fill(field, value) {
    if (field.matches(CHOICES)) {
      const option = optionsOf(field)[value];
      if (option && !optionsOf(field).some(isChosen)) option.click();
      return;
    }
    const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => leave(field));
  }
  // Streamlit takes a typed value when the field is left.
  function leave(field) {
    if (field !== document.activeElement) field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  }

  function restore(box) {
    const key = keyOf(box, "draft_");
    if (!looked.has(key)) {
      looked.add(key);
      const draft = saved.has(key) ? null : read(nameOf(key));
      if (draft) pending.set(key, { fields: draft.fields, until: Date.now() + GRACE });
    }
    const rest = pending.get(key);
    if (!rest) return;
    for (const [name, field] of fieldsOf(box)) {
      if (!(name in rest.fields) || field.disabled) continue;
      const value = rest.fields[name];
      delete rest.fields[name];
      if (isEmpty(valueOf(field))) fill(field, value);
    }
    if (!Object.keys(rest.fields).length || Date.now() > rest.until) pending.delete(key);
  }

  let reader = null;
  function follow() {
    if (document.querySelector('[data-luotsi-ticket="out"]')) drop(() => true);
    for (const mark of document.querySelectorAll("[data-luotsi-saved]")) {
      const key = mark.dataset.luotsiSaved;
      if (saved.has(key)) continue;
      saved.add(key);
      if (looked.has(key)) document.querySelector(".stMain")?.scrollTo(0, 0); // the thanks stand at the top
      pending.delete(key);
      drop((name) => name.endsWith(":" + key));
    }
    if (document.querySelector("[data-luotsi-failed]")) looked.clear(); // the page comes back with empty fields
    const now = person();
    if (!now) return;
    if (now !== reader) {
      reader = now;
      looked.clear();
      drop((name) => !name.startsWith(`${KEPT}${now}:`) || !read(name));
    }
    document.querySelectorAll(BOX).forEach(restore);
  }

  // A button whose key is step_up_<key> or step_down_<key> steps the number field of that key here and now: a server
  // that hears of two taps one after the other would count the second from where the first began.
  function step(event) {
    const button = event.target instanceof Element && event.target.closest('[class*="st-key-step_"] button');
    const named = button && /^step_(up|down)_(.+)$/.exec(keyOf(button.closest('[class*="st-key-step_"]')));
    const field = named && document.querySelector(`.st-key-${named[2]} input`);
    if (!field) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const least = field.min === "" ? -Infinity : Number(field.min);
    const from = field.value === "" ? (Number.isFinite(least) ? least : 0) : Number(field.value);
    fill(field, String(Math.max(least, from + (named[1] === "up" ? 1 : -1))));
  }

  // The connection
  let notice = null;
  let lost = false;
  let linked = false; // whether there has been a connection
  let timer = 0;
  function say(what, seconds = 0) {
    clearTimeout(timer);
    if (!notice) {
      notice = document.createElement("div");
      notice.id = "luotsi-connection";
      notice.setAttribute("role", "status");
      notice.style.cssText =
        "position:fixed;z-index:1000000;left:0;right:0;top:0;padding:.75rem 1rem;text-align:center;" +
        "background:#0b1218;color:#fff;font-weight:600";
    }
    if (!notice.isConnected) document.body.append(notice);
    notice.hidden = !what;
    notice.textContent = what ? (SAID[document.documentElement.lang] || SAID.en)[what] : "";
    if (seconds) timer = setTimeout(say, seconds * 1000, "");
  }
  // Streamlit says the same in English, in a window over the page; the notice is enough.
  function dismiss() {
    for (const dialog of document.querySelectorAll("section[role=dialog]")) {
      if (/Streamlit|Connection failed/.test(dialog.textContent)) dialog.querySelector("button").click();
    }
  }
  const app = () => document.querySelector("[data-test-connection-state]");
  function connection() {
    const state = app() && app().dataset.testConnectionState;
    if (state === "CONNECTED") linked = true;
    if (!linked) return;
    const gone = state !== "CONNECTED" || !navigator.onLine;
    if (gone === lost) return;
    lost = gone;
    const boxes = [...document.querySelectorAll(BOX)];
    if (lost) {
      boxes.forEach(keep);
      say(boxes.length ? "lost_kept" : "lost");
    } else {
      say("back", 4);
      // A field that was being typed in when the connection broke was never left.
      setTimeout(() => boxes.forEach((box) => box.querySelectorAll(TYPED).forEach(leave)), 200);
    }
  }
  // A press that the server does not answer is not swallowed in silence.
  let runs = 0;
  function pressed(event) {
    const button = event.target instanceof Element && event.target.closest("button");
    if (!button || button.matches("[role=radio]") || !button.closest(BOX) || button.closest(".stNumberInput")) return;
    const before = runs;
    setTimeout(() => runs === before && !lost && say("slow", 20), SLOW);
  }

  addEventListener("click", step, true);
  for (const kind of ["input", "change", "focusout"]) addEventListener(kind, keepOf, true);
  for (const kind of ["click", "keyup"]) addEventListener(kind, keepSoon, true);
  addEventListener("click", pressed, true);
  addEventListener("online", connection);
  addEventListener("offline", connection);
  new MutationObserver((changes) => {
    connection();
    if (lost) dismiss();
    follow();
    if (!changes.some((change) => change.attributeName === "data-test-script-state")) return;
    runs += 1;
    setTimeout(() => document.querySelectorAll(BOX).forEach(keep), 100); // what the server filled in
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: [
      "disabled",
      "data-luotsi-person",
      "data-luotsi-ticket",
      "data-luotsi-saved",
      "data-test-connection-state",
      "data-test-script-state",
    ],
  });
})();
