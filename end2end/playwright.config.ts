import { defineConfig } from "@playwright/test";
import type { Settings } from "./support/story";

// Each story runs once for each database: two real instances of their own, on loopback, with folders of their own.
export default defineConfig<Settings>({
  testDir: "stories",
  outputDir: "../target/end2end",
  timeout: 240_000,
  expect: { timeout: 15_000 },
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    testIdAttribute: "data-test",
    locale: "nb-NO",
    timezoneId: "Europe/Oslo",
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    trace: "retain-on-failure",
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // A closed network and a machine without a screen; root has no sandbox.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "sqlite", use: { database: "sqlite" } },
    { name: "postgres", use: { database: "postgres" } },
  ],
});
