// node registry.mjs FOLDER → a registry of the npm packages in the folder, on a port that it prints; it knows no others.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const folder = process.argv[2];
const packages = new Map();
for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    const settings = JSON.parse(execFileSync("tar", ["-xzOf", path, "package/package.json"], { encoding: "utf8" }));
    packages.set(settings.name, { file, path, settings });
}

const server = createServer((request, response) => {
    const [, name, file] = request.url.split("/");
    const held = packages.get(name);
    if (!held) return response.writeHead(404).end("{}");
    const bytes = readFileSync(held.path);
    if (file) return response.end(bytes);
    const { version } = held.settings;
    const dist = {
        tarball: `http://127.0.0.1:${server.address().port}/${name}/${held.file}`,
        integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    };
    const versions = { [version]: { ...held.settings, dist } };
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
