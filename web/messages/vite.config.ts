import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` serves the page with hot reload and hands /api to a back end on port 3000.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../../build/web/messages',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
});
