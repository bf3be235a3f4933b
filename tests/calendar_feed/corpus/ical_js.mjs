// Reads calendars as Thunderbird and Nextcloud do. Standard input: a JSON list of calendars' texts. Standard output: for
// each the instants of its timed events in Unix seconds, the days of the others, every title, and what was wrong.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]).href);

function told(time) {
  return time.isDate ? time.toString() : time.toUnixTime();
}

function read(text) {
  const trees = ICAL.parse(text);
  const calendar = new ICAL.Component(Array.isArray(trees[0]) ? trees[0] : trees);
  const events = {};
  for (const one of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(one, { strictExceptions: true });
    events[event.uid] = [told(event.startDate), told(event.endDate), event.summary, event.description];
  }
  return events;
}

const answers = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  try {
    return { events: read(text) };
  } catch (error) {
    return { wrong: String(error) };
  }
});
process.stdout.write(JSON.stringify(answers));
