// Configuration of Allure 3. `python -m support.reporting` starts Allure with it, and names a file with what it found
// in the results: runs, metrics, categories and where the history is. Paths are those of that command.
import { readFileSync } from "node:fs";

const found = JSON.parse(readFileSync(process.env.REPORT_INPUT, "utf8"));
const labelled = (name, value) => ({ labels }) => labels.some((each) => each.name === name && each.value === value);
const category = (name) => ({ name, matchers: [labelled("cause", name)], groupByMessage: false, expand: true });

export default {
  name: found.title,
  output: found.output,
  historyPath: found.history,
  historyLimit: 50,
  appendHistory: found.keep,
  hideLabels: ["host", "thread", "framework", "language", "parentSuite", "suite", "subSuite", "package", "run"],
  environments: Object.fromEntries(
    found.runs.map(({ label, variables }) => [label, { variables, matcher: labelled("run", label) }]),
  ),
  categories: found.categories.map(category),
  performance: {
    groups: Object.fromEntries(
      found.metrics.map(({ group }) => [group, { title: `Replication delay, ${group.replace("-to-", " to ")}` }]),
    ),
    metrics: Object.fromEntries(
      found.metrics.map(({ key, title, unit, group }) => [key, { title, unit, better: "lower", group }]),
    ),
  },
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        reportLanguage: "en",
        theme: "auto",
        groupBy: ["epic", "feature", "story"],
        stepTreeExpansion: "expanded",
        defaultSortBy: "name,asc",
      },
    },
  },
};
