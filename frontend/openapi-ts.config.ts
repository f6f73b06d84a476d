/** Types of the wire, generated from the contracts the services export; the calls themselves are our one axios client's. */
import { defineConfig } from "@hey-api/openapi-ts";

const CONTEXTS = ["identity", "patients", "scheduling", "billing", "gateway"];

export default defineConfig(
  CONTEXTS.map((context) => ({
    input: `../contracts/http/${context}.json`,
    output: { path: `src/api/generated/${context}`, entryFile: false },
    plugins: ["@hey-api/typescript" as const],
  })),
);
