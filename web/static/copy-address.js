// A button beside each address of a calendar that copies it. Without script the address is selected and copied by hand.
"use strict";
(() => {
  const dress = (field) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain feed-copy";
    button.textContent = field.dataset.copy;
    const told = document.createElement("span");
    told.className = "unseen";
    told.setAttribute("role", "status");

    const copy = async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        // A page that came without encryption has no clipboard; the old way works there.
        document.execCommand("copy");
      }
      button.textContent = told.textContent = field.dataset.copied;
      setTimeout(() => {
        button.textContent = field.dataset.copy;
        told.textContent = "";
      }, 3000);
    };

    button.addEventListener("click", copy);
    field.addEventListener("focus", () => field.select());
    field.after(button, told);
  };

  const dressAll = () => {
    for (const field of document.querySelectorAll(".feed-address:only-child")) dress(field);
  };
  dressAll();
  document.addEventListener("addresses", dressAll);
})();
