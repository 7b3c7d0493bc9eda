// Fetches the browser's half and lets it take the page over. Where it cannot be fetched over the network, the page works as the server has
// rendered it, and there is nothing to say beside what the browser says of the network itself. Everything else that goes wrong is told: a
// server that answers without the half, or with something else, would otherwise be without it for everybody, and nobody would know.
(async (script, wasm) => {
  const half = import(script);
  // Without the code it does not matter what became of the script.
  half.catch(() => {});
  let code;
  try {
    code = await fetch(wasm);
  } catch {
    return;
  }
  if (!code.ok) throw new Error(`${wasm}: ${code.status}`);
  const { default: start, hydrate } = await half;
  await start({ module_or_path: code });
  hydrate();
})
