/** Lighthouse on each screen of a running clinic, signed in, on the desk and on a phone: prints one JSON line.
 *
 * Told on stdin: {chromium, baseUrl, email, password, runs, screens: [{name, path, signedIn}]}.
 * Screens of strangers come before those that are `signedIn`. */
import { readFileSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const told = JSON.parse(readFileSync(0, "utf8"));
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const SEATS = {
  desktop: { ...desktopConfig, settings: { ...desktopConfig.settings, onlyCategories: CATEGORIES } },
  phone: { extends: "lighthouse:default", settings: { onlyCategories: CATEGORIES } },
};

const browser = await puppeteer.launch({
  executablePath: told.chromium,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
  defaultViewport: null,
});

async function signIn(page) {
  await page.goto(told.baseUrl);
  await page.locator("input[type=email]").fill(told.email);
  await page.locator("input[type=password]").fill(told.password);
  await page.locator("button[type=submit]").click();
  await page.waitForFunction(() => !document.querySelector("input[type=password]") && document.querySelector("h1"));
}

function found({ lhr }, { name, seat }) {
  const score = (category) => Math.round(lhr.categories[category].score * 100);
  const failed = Object.values(lhr.audits).filter(
    ({ id, score: given }) => given === 0 && inHardCategories(lhr, id),
  );
  return {
    screen: name,
    seat,
    performance: score("performance"),
    accessibility: score("accessibility"),
    bestPractices: score("best-practices"),
    lcpSeconds: lhr.audits["largest-contentful-paint"].numericValue / 1000,
    cls: lhr.audits["cumulative-layout-shift"].numericValue,
    failed: failed.map(({ id }) => id),
  };
}

function inHardCategories(lhr, audit) {
  return ["accessibility", "best-practices"].some((category) =>
    lhr.categories[category].auditRefs.some(({ id, weight }) => id === audit && weight > 0),
  );
}

const page = await browser.newPage();
const results = [];
let isSignedIn = false;
for (const { name, path, signedIn } of told.screens) {
  if (signedIn && !isSignedIn) {
    await signIn(page);
    isSignedIn = true;
  }
  for (const [seat, config] of Object.entries(SEATS)) {
    for (let run = 0; run < told.runs; run += 1) {
      const flags = { disableStorageReset: true, output: "json", logLevel: "error" };
      results.push(found(await lighthouse(told.baseUrl + path, flags, config, page), { name, seat }));
    }
  }
}
await browser.close();
console.log(JSON.stringify(results));
