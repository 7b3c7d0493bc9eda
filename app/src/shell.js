// Fetches the browser's half and lets it take the page over. Where it cannot be fetched, the page works as the server has rendered it, and
// there is nothing to say beside what the browser says of the network itself. Everything else that goes wrong is told.
(async (script, wasm) => {
  let half, code;
  try {
    [half, code] = await Promise.all([import(script), fetch(wasm)]);
  } catch (fault) {
    if (fault instanceof TypeError) return;
    throw fault;
  }
  await half.default({ module_or_path: code });
  half.hydrate();
})
