// The hours of a meeting on the visitor's own clock, beside those of the venue. The page is whole without it.
"use strict";
(() => {
  // As the page writes them: the day first in English, the same figures in every language.
  const page = document.documentElement.lang;
  const language = page === "en" ? "en-GB" : `${page}-u-nu-latn`;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

  // What a clock in `zone` shows; two clocks that show the same are one zone for the reader.
  const shown = (moment, zone) =>
    new Intl.DateTimeFormat("en", { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(moment);
  const day = (moment, zone) => new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone: zone }).format(moment);

  const zoneName = (moment) =>
    new Intl.DateTimeFormat(language, { timeZone: own, timeZoneName: "long" })
      .formatToParts(moment)
      .find((part) => part.type === "timeZoneName").value;

  for (const place of document.querySelectorAll(".own-time")) {
    const zone = place.dataset.zone;
    const moments = [...place.querySelectorAll("time")].map((time) => new Date(time.dateTime));
    try {
      if (moments.every((moment) => shown(moment, own) === shown(moment, zone))) continue;
      const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: own };
      const isElsewhen = moments.some((moment) => day(moment, own) !== day(moment, zone));
      if (isElsewhen || day(moments[0], own) !== day(moments[moments.length - 1], own)) {
        Object.assign(format, { day: "numeric", month: "long" });
      }
      const writer = new Intl.DateTimeFormat(language, format);
      const hours = moments.length > 1 ? writer.formatRange(...moments) : writer.format(moments[0]);
      place.querySelector("span").textContent = place.dataset.words
        .replace("{time}", hours)
        .replace("{zone}", zoneName(moments[0]));
      place.hidden = false;
    } catch {
      // A browser that does not know the zone, or cannot write spans, shows the venue's hours alone.
    }
  }
})();
