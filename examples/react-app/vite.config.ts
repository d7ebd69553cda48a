import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where the page is served, its own server answers; while it is written, this one does: `cargo run -p natter-server-example`.
export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/api": "http://127.0.0.1:8787" } },
});
