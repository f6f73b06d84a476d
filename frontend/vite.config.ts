/** Builds the SPA: file routes, Tailwind, the catalogues beside the bundle, nothing inline that a strict CSP would refuse. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const locales = ["en", "es"];
const catalogue = (locale: string) =>
  readFileSync(new URL(`./src/i18n/${locale}.json`, import.meta.url), "utf8");

/** The gateway puts the first catalogue in the page; a switch fetches the other from /i18n/<locale>.json. */
function catalogues(): Plugin {
  return {
    name: "clinic-catalogues",
    configureServer(server) {
      server.middlewares.use("/i18n", (request, response, next) => {
        const locale = locales.find((known) => request.url === `/${known}.json`);
        if (!locale) return next();
        response.setHeader("Content-Type", "application/json");
        response.end(catalogue(locale));
      });
    },
    generateBundle() {
      for (const locale of locales) {
        this.emitFile({
          type: "asset",
          fileName: `i18n/${locale}.json`,
          source: JSON.stringify(JSON.parse(catalogue(locale))),
        });
      }
    },
  };
}

/** sonner writes a <style> element, which `style-src 'self'` refuses; the same rules are imported as a file. */
function sonnerWithoutStyleElement(): Plugin {
  return {
    name: "clinic-sonner-css",
    enforce: "pre",
    transform(code, id) {
      if (!/sonner[\\/]dist[\\/]index\.mjs/.test(id)) return null;
      return { code: code.replace(/^__insertCSS\(.*\);$/m, ""), map: null };
    },
  };
}

/** Few files, each for one occasion: without this every icon and small module becomes a request of its own. */
const CHUNKS = [
  {
    name: "vendor",
    test: /node_modules[\\/]((react|react-dom|scheduler|axios|use-sync-external-store)[\\/]|@tanstack[\\/](react-(query|router|store)|router-|query-|history|store))/,
    priority: 3,
  },
  {
    name: "house",
    test: /src[\\/](ui|i18n|api)[\\/](?!Toasts|toast|SearchPicker|Dialog|useDraft|DraftNotice|violations)|src[\\/]features[\\/]\w+[\\/](queries|slots)|src[\\/]app[\\/](dashboard[\\/]queries|searchParams|routes[\\/][^?]*$)|lucide-react/,
    minShareCount: 2,
    priority: 2,
  },
  {
    name: "forms",
    test: /node_modules[\\/](react-hook-form|@hookform|zod)|src[\\/]ui[\\/](useDraft|DraftNotice|violations)/,
    priority: 1,
  },
];

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routesDirectory: "./src/app/routes",
      generatedRouteTree: "./src/app/routeTree.gen.ts",
      quoteStyle: "double",
    }),
    react(),
    tailwindcss(),
    catalogues(),
    sonnerWithoutStyleElement(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  optimizeDeps: { exclude: ["sonner"] },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  server: { proxy: { "/api": "http://localhost:8080", "/.well-known": "http://localhost:8080" } },
  test: {
    environment: "jsdom",
    setupFiles: ["./test/matchMedia.ts", "./test/setup.ts"],
    restoreMocks: true,
    testTimeout: 30_000,
    // One browser per worker instead of one per file: a third of the time.
    isolate: false,
    env: { TZ: "America/New_York" },
  },
});
