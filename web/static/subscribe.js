// Shows what a calendar would hold while one chooses. Without this the form does the same by its button.
"use strict";
(() => {
  const PAUSE = 200; // milliseconds without a change, before the server is asked

  const form = document.querySelector("form[data-choose]");
  const shown = document.querySelector("[data-chosen]");
  const said = document.querySelector("[data-said]");
  const add = form.querySelector("[data-add]");
  const added = form.querySelector("[data-added]");
  let timer = 0;
  let asking = null;

  const query = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value));

  const show = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const chosen = query();
    const address = `${location.pathname}?${chosen}`;
    chosen.append("part", "chosen");
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${location.pathname}?${chosen}`, { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      if (mine !== asking) return;
      shown.innerHTML = html;
      said.textContent = shown.querySelector("[data-status]").textContent;
      // What is chosen can be gone back to and be sent to others.
      history.replaceState(null, "", address);
      document.dispatchEvent(new Event("addresses"));
    } catch {
      // Overtaken by the next choice, or no connection: what was shown stays.
    }
    if (mine === asking) shown.removeAttribute("aria-busy");
  };

  // A State that is added stands among the others that are chosen, and can be taken back there.
  const addState = () => {
    const option = add.selectedOptions[0];
    const line = document.createElement("li");
    const label = document.createElement("label");
    label.className = "tick";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: "country", value: option.value, checked: true });
    const words = document.createElement("span");
    words.textContent = option.textContent;
    label.append(box, " ", words);
    line.append(label);
    added.append(line);
    option.remove();
    add.value = "";
  };

  form.addEventListener("change", (event) => {
    if (event.target === add && add.value) addState();
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  // On a telephone what it holds stands far below: the button leads there.
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.formMethod === "post") return;
    event.preventDefault();
    clearTimeout(timer);
    await show();
    shown.querySelector("h2").focus();
  });
})();
