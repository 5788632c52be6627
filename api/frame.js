// The frame's part in the browser: the document's language, Streamlit's own words, the demo sign-in's cookie.
(() => {
  "use strict";
  // Where the server is, so that Streamlit does not look for it under the page's own address first.
  window.__streamlit = { BACKEND_BASE_URL: new URL(".", document.currentScript.src).href };
  const WORDS = /*WORDS*/ {};
  const ATTRIBUTES = ["aria-label", "aria-description", "title", "placeholder", "alt"];
  // What people wrote, and what the pages translated already, is left alone.
  const OURS = "[data-testid=stMarkdownContainer], [data-testid=stHtml], [data-testid=stTable] table, textarea, code, svg";
  // Drawn as Markdown by Streamlit itself; what is wrong with a field stands there as **Error**: and a sentence.
  const THEIRS = "[data-testid=stFileUploaderDropzone], [data-testid=stTooltipErrorContent]";
  const first = document.documentElement.lang;
  const sources = new WeakMap(); // node -> {name: {source, shown}}
  let language = first;
  let ticket = null;
  let next = null; // where somebody was going who is asked to sign in

  const compiled = Object.fromEntries(
    Object.entries(WORDS).map(([code, { texts, patterns }]) => [
      code,
      { texts: new Map(Object.entries(texts)), patterns: patterns.map(([from, to]) => [new RegExp(from), to]) },
    ])
  );

  // What stands in a pattern's gap may be one of Streamlit's words too, such as the name of a month.
  function said(text, inGap = false) {
    const words = compiled[language];
    if (!words) return text;
    const bare = text.trim().replace(/^: /, "");
    let found = words.texts.get(bare);
    if (found === undefined) {
      const pattern = words.patterns.find(([from]) => from.test(bare));
      if (!pattern) return text;
      const gaps = pattern[0].exec(bare).slice(1);
      found = pattern[1].replace(/\$(\d+)/g, (_, n) => (inGap ? gaps[n - 1] : said(gaps[n - 1], true)));
    }
    return text.replace(bare, () => found);
  }

  // Keeps the English source, so that a change of language starts from it.
  function translated(node, name, shown) {
    const known = sources.get(node) || {};
    const source = known[name] && known[name].shown === shown ? known[name].source : shown;
    const now = said(source);
    if (now !== source || known[name]) sources.set(node, { ...known, [name]: { source, shown: now } });
    return now;
  }

  function text(node) {
    const parent = node.parentElement;
    if (!parent || !node.nodeValue.trim() || parent.closest("script, style")) return;
    if (parent.closest(OURS) && !parent.closest(THEIRS)) return;
    const now = translated(node, "text", node.nodeValue);
    if (now !== node.nodeValue) node.nodeValue = now;
  }

  function attributes(element) {
    stay(element);
    for (const name of ATTRIBUTES) {
      const shown = element.getAttribute(name);
      if (!shown) continue;
      const now = translated(element, name, shown);
      if (now !== shown) element.setAttribute(name, now);
    }
  }

  // Links to our own pages stay in the window; Streamlit would open every link in Markdown in a new one.
  function stay(element) {
    if (element.tagName === "A" && element.target === "_blank" && element.origin === location.origin) {
      element.removeAttribute("target");
    }
  }

  function sweep(root) {
    if (root.nodeType === Node.TEXT_NODE) return text(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    attributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) text(walker.currentNode);
      else attributes(walker.currentNode);
    }
  }

  // A table wider than the window scrolls; who uses a keyboard must reach it to scroll it.
  function reach() {
    for (const frame of document.querySelectorAll(".stTable > div")) {
      const scrolls = frame.scrollWidth > frame.clientWidth;
      if (scrolls && !frame.hasAttribute("tabindex")) {
        frame.tabIndex = 0;
        frame.setAttribute("role", "region");
        frame.setAttribute("aria-label", said("Scrollable table"));
        frame.dataset.luotsiReach = "";
      } else if (!scrolls && "luotsiReach" in frame.dataset) {
        for (const name of ["tabindex", "role", "aria-label", "data-luotsi-reach"]) frame.removeAttribute(name);
      }
    }
  }
  let waiting = 0;
  function reachSoon() {
    if (!waiting) waiting = setTimeout(() => ((waiting = 0), reach()), 100);
  }
  addEventListener("resize", reachSoon);

  function follow() {
    const mark = document.querySelector("[data-luotsi-language]");
    if (!mark) return;
    const chosen = mark.dataset.luotsiLanguage;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    if (chosen !== language) {
      language = document.documentElement.lang = chosen;
      document.cookie = `luotsi_language=${chosen}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
      sweep(document.body);
    }
    const given = mark.dataset.luotsiTicket || null;
    if (given && given !== ticket) {
      const request = given === "out" ? { method: "DELETE" } : { method: "POST", body: given };
      fetch("./session", { credentials: "same-origin", keepalive: true, ...request }).catch(() => {});
    }
    ticket = given;
    const going = mark.dataset.luotsiNext;
    if (going !== undefined && going !== next) {
      const life = going ? 900 : 0;
      document.cookie = `luotsi_next=${encodeURIComponent(going)}; Path=/; Max-Age=${life}; SameSite=Lax${secure}`;
      next = going;
    }
  }

  new MutationObserver((changes) => {
    follow();
    reachSoon();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(sweep);
      else if (change.type === "characterData") text(change.target);
      else attributes(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: [...ATTRIBUTES, "href", "target", "data-luotsi-language", "data-luotsi-ticket", "data-luotsi-next"],
  });
})();
