// SVG to PNG, for each argument FILE.svg a FILE.png beside it; WIDTH in pixels comes first. Fonts lie beside this script, so that
// no machine's own are used.
import { readFileSync, writeFileSync } from 'node:fs';
import { Resvg, initWasm } from './index.mjs';

const beside = name => readFileSync(new URL(name, import.meta.url));
const [width, ...files] = process.argv.slice(2);

await initWasm(beside('index_bg.wasm'));
const font = { loadSystemFonts: false, fontBuffers: [beside('DejaVuSans.ttf'), beside('DejaVuSans-Bold.ttf')], defaultFontFamily: 'DejaVu Sans' };
for (const file of files) {
    const picture = new Resvg(readFileSync(file, 'utf8'), { font, fitTo: { mode: 'width', value: Number(width) } });
    writeFileSync(file.replace(/\.svg$/, '.png'), picture.render().asPng());
}
