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
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: true },
  server: { proxy: { "/api": "http://localhost:8080", "/.well-known": "http://localhost:8080" } },
  test: {
    environment: "jsdom",
    setupFiles: ["./test/matchMedia.ts", "./test/setup.ts"],
    restoreMocks: true,
    env: { TZ: "America/New_York" },
  },
});
