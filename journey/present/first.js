"use strict";
/* Runs before Streamlit's own script, on every page. */
(() => {
  // Streamlit's client looks for its server below the page's address first, and finds nothing
  // there; told where the server is, it asks at the right place at once.
  const root = new URL("./", document.currentScript.src);
  window.__streamlit = { BACKEND_BASE_URL: root.href };

  // Which guides the reader has read. It stays in this browser; where it may not keep anything,
  // guides are shown at each visit.
  const KEY = "journey.read";
  const read = () => {
    try {
      return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
    } catch {
      return new Set();
    }
  };
  const keep = (page) => {
    try {
      localStorage.setItem(KEY, JSON.stringify([...read().add(page)].sort()));
    } catch {
      return;
    }
  };

  // What is drawn is put right as it comes: a guide that was closed once is closed; the menu of
  // narrow screens, whose list holds more than list items, is no list but the links in it; long
  // code can be scrolled by keyboard.
  const MENU = "[data-testid=stSidebarNavItems]";
  const within = (node, query) => [
    ...(node.matches(query) ? [node] : []),
    ...node.querySelectorAll(query),
  ];
  const putRight = (node) => {
    for (const guide of within(node, ".guide")) {
      if (read().has(guide.dataset.guide)) guide.open = false;
    }
    for (const part of within(node, `${MENU}, ${MENU} li`)) part.setAttribute("role", "none");
    for (const code of within(node, "[data-testid=stCode] pre")) code.tabIndex = 0;
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) putRight(node);
      }
    }
  }).observe(document, { childList: true, subtree: true });

  document.addEventListener(
    "click",
    (event) => {
      const guide = event.target.closest?.(".guide > summary")?.parentElement;
      if (guide?.open) keep(guide.dataset.guide);
    },
    true,
  );
})();
