// The meeting's clock: counts down without asking the server, and speaks at some minutes to those who hear the page.
(() => {
  "use strict";
  setInterval(() => {
    for (const box of document.querySelectorAll(".luotsi-clock")) {
      const left = Math.ceil((Number(box.dataset.ends) - Date.now()) / 1000);
      const [time, words, heard] = ["b", ".words", ".heard"].map((name) => box.querySelector(name));
      const shown = Math.max(left, 0);
      time.textContent = Math.floor(shown / 60) + ":" + String(shown % 60).padStart(2, "0");
      box.classList.toggle("over", left <= 0);
      words.textContent = left <= 0 ? box.dataset.over : box.dataset.words;
      const minutes = Math.ceil(shown / 60);
      const said = left <= 0 ? box.dataset.over : box.dataset.left.replace("{n}", minutes);
      const speaks = left <= 0 || JSON.parse(box.dataset.at).includes(minutes);
      if (speaks && heard.textContent !== said) heard.textContent = said;
    }
  }, 1000);
})();
