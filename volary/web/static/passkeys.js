/* Passkeys: what the page asks is handed to the browser, and what that answers is sent with the form. The server decides. */
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/* WebAuthn's JSON (§5.1.8, §5.1.9) to what the browser takes. */
function asked(json) {
  const options = JSON.parse(json);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const name of ["allowCredentials", "excludeCredentials"])
    for (const one of options[name] ?? []) one.id = bytes(one.id);
  return { publicKey: options };
}

/* And what the browser gives back to JSON. */
function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response,
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const wrong = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  document.getElementById(form.dataset.without).hidden = true;
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    wrong.hidden = true;
    try {
      const options = asked(form.dataset.options);
      const made = form.dataset.passkey === "create";
      form.elements.passkey.value = told(await (made ? navigator.credentials.create(options) : navigator.credentials.get(options)));
      form.requestSubmit();
    } catch {
      wrong.hidden = false;
    }
  });
}

/* Coming back to the page asks anew. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.passkey.value = "";
});
