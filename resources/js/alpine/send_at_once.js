// A form that asks nothing of a person: a browser sends it by itself, a program that only follows links does not.
export default () => ({
  init() {
    this.$root.querySelector('form').requestSubmit()
  },
})
