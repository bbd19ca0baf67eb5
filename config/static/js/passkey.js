// Passkeys: the browser asks the key, the form carries its answer. A form marked
// data-passkey is hidden until this file runs, for without it it cannot work.

async function options(form) {
  if (form.dataset.passkey !== "sign-in") {
    return JSON.parse(document.getElementById("passkey-options").textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return answer.json();
}

async function credential(form) {
  const given = await options(form);
  if (form.dataset.passkey !== "create") {
    return webauthnJSON.get(given.request_options);
  }
  const wanted = given.creation_options;
  const alone = form.elements.passwordless?.checked ?? false;
  wanted.publicKey.authenticatorSelection = {
    ...wanted.publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: alone ? "required" : "preferred",
  };
  return webauthnJSON.create(wanted);
}

async function carry(event) {
  const form = event.target;
  const refusal = form.querySelector("[data-refused]");
  event.preventDefault();
  refusal.textContent = "";
  try {
    form.elements.credential.value = JSON.stringify(await credential(form));
    form.submit();
  } catch {
    refusal.textContent = refusal.dataset.refused;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", carry);
  }
}
