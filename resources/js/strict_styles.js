// xterm.js writes styles in two ways that a policy without 'unsafe-inline' refuses: <style> elements without a
// nonce, and style attributes as text. The elements it makes are given the page's nonce, and write their style
// through the object model, which the policy leaves to our own scripts.
const nonce = document.querySelector('script[nonce]')?.nonce
const create = document.createElement.bind(document)

document.createElement = (name, options) => {
  const element = create(name, options)
  if (name === 'style') element.nonce = nonce
  if (name === 'span') element.setAttribute = setAttribute
  return element
}

function setAttribute(name, value) {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}
