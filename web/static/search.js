// Finds while one types. Without this the forms do the same by going to the page of finds.
"use strict";
(() => {
  const PAUSE = 150; // milliseconds without a key, before the server is asked
  const KEPT = 30; // answers that need not be asked for again

  const start = (form) => {
    const part = form.dataset.search;
    const field = form.elements.q;
    const within = part === "few" ? form : form.parentElement;
    const results = within.querySelector("[data-search-results]");
    const said = within.querySelector("[data-search-said]");
    const answers = new Map();
    let shown = field.value.trim();
    let timer = 0;
    let asking = null;

    const links = () => [...results.querySelectorAll("a")];
    const close = () => {
      if (part === "few") results.hidden = true;
    };
    const address = (query) => `${form.getAttribute("action")}?${new URLSearchParams({ q: query })}`;

    // What is shown can be gone back to and be sent to others: the address follows, as one step of the history.
    const follow = (query) => {
      if (part !== "results") return;
      const path = query ? address(query) : form.getAttribute("action");
      history.replaceState(null, "", path);
      document.title = document.title.replace(/^.* – /, query ? `${query} – ` : "");
    };

    const show = (query, html) => {
      shown = query;
      results.innerHTML = html;
      results.hidden = false;
      results.removeAttribute("aria-busy");
      const count = results.querySelector("[data-search-status], .few-all, .few-none");
      said.textContent = count ? count.textContent : "";
      follow(query);
    };

    const ask = async () => {
      const query = field.value.trim().replace(/\s+/g, " ");
      if (query === shown && !results.hidden) return;
      asking?.abort();
      if (!query && part === "few") {
        shown = "";
        said.textContent = "";
        return close();
      }
      if (answers.has(query)) return show(query, answers.get(query));
      const mine = (asking = new AbortController());
      results.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(`${address(query)}&part=${part}`, { signal: mine.signal });
        if (!answer.ok) throw new Error(answer.statusText);
        const html = await answer.text();
        if (answers.size >= KEPT) answers.delete(answers.keys().next().value);
        answers.set(query, html);
        if (mine === asking) show(query, html);
      } catch {
        // Overtaken by the next letter, or no connection: the form itself still works.
        if (mine === asking) results.removeAttribute("aria-busy");
      }
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    form.addEventListener("submit", () => clearTimeout(timer));

    // Down and up walk through the finds, Escape leads back to the field.
    within.addEventListener("keydown", (event) => {
      const all = links();
      const at = all.indexOf(document.activeElement);
      if (event.target !== field && at < 0) return;
      if (event.key === "ArrowDown" && !results.hidden && at + 1 < all.length) all[at + 1].focus();
      else if (event.key === "ArrowUp" && at >= 0) (all[at - 1] ?? field).focus();
      else if (event.key === "Escape" && part === "few" && !results.hidden) {
        field.focus();
        close();
      } else if (event.key === "Escape" && at >= 0) field.focus();
      else return;
      event.preventDefault();
    });

    if (part === "few") {
      form.addEventListener("focusout", (event) => {
        if (!form.contains(event.relatedTarget)) close();
      });
      field.addEventListener("focus", () => {
        if (shown && shown === field.value.trim() && results.childElementCount) results.hidden = false;
      });
    }
  };

  for (const form of document.querySelectorAll("form[data-search]")) start(form);
})();
