/* The pages of Portico within the billing system: forms, questions before what cannot be undone, fresh figures. */
;(function () {
  'use strict'
  var FRESH_MS = 10000
  var BUSY_MS = 2000
  var FAILED = '没有完成：网络中断，或登录已过期。请刷新页面后重试。'
  var LIVE = ['info', 'log']

  function start(root) {
    if (root.dataset.started) return
    root.dataset.started = 'yes'
    var page = root.querySelector('.pt-page')
    var notice = root.querySelector('.pt-notice')
    var range = 'hour'
    var isWorking = false

    function call(func, fields) {
      var headers = { 'X-Requested-With': 'XMLHttpRequest' }
      var token = root.dataset.token || stored('jwt')
      if (token) headers.Authorization = 'JWT ' + token
      var body = new URLSearchParams(fields)
      body.set('func', func)
      return fetch(root.dataset.api, {
        method: 'POST',
        credentials: 'same-origin',
        headers: headers,
        body: body,
      })
        .then(function (response) {
          return response.json()
        })
        .catch(function () {
          return { status: 'error', msg: FAILED }
        })
    }

    function refresh() {
      return call('Page', { tab: root.dataset.tab, range: range }).then(function (answer) {
        if (!isDone(answer) || !answer.data || typeof answer.data.html !== 'string') return false
        // Made by the module from escaped values, like the page itself.
        page.innerHTML = answer.data.html
        root.dataset.busy = answer.data.busy ? 'yes' : ''
        return true
      })
    }

    function tell(text, failed) {
      notice.textContent = text
      notice.classList.toggle('pt-failed', failed)
      notice.hidden = !text
    }

    function send(form, button) {
      var func = form.dataset.func
      var fields = new FormData(form)
      if (button && button.name) fields.set(button.name, button.value)
      if (func === 'Page') {
        range = fields.get('range') || range
        return busy(form, refresh)
      }
      // Opened at once, while the press of the button still allows it.
      var opens = func === 'Portal' || func === 'Console' ? window.open('about:blank') : null
      return busy(form, function () {
        return call(func, fields).then(function (answer) {
          var url = answer.url || (answer.data && answer.data.url)
          if (opens && isDone(answer) && /^https?:\/\//.test(url || '')) {
            opens.opener = null
            opens.location.replace(url)
            return tell('', false)
          }
          if (opens) opens.close()
          tell(answer.msg || FAILED, !isDone(answer))
          if (!opens) return refresh()
        })
      })
    }

    function busy(form, work) {
      if (isWorking) return
      isWorking = true
      form.setAttribute('aria-busy', 'true')
      return work().then(
        function () {
          isWorking = false
          form.removeAttribute('aria-busy')
        },
        function () {
          isWorking = false
          form.removeAttribute('aria-busy')
          tell(FAILED, true)
        }
      )
    }

    function ask(question, proceed) {
      var dialog = document.createElement('dialog')
      if (!dialog.showModal) return window.confirm(question) && proceed()
      dialog.innerHTML =
        '<p></p><div><button class="pt-button" type="button">取消</button>' +
        '<button class="pt-button pt-stop" type="button">确定</button></div>'
      dialog.querySelector('p').textContent = question
      dialog.addEventListener('click', function (event) {
        if (event.target.tagName !== 'BUTTON') return
        dialog.close()
        if (event.target.classList.contains('pt-stop')) proceed()
      })
      dialog.addEventListener('close', function () {
        dialog.remove()
      })
      root.appendChild(dialog)
      dialog.showModal()
    }

    root.addEventListener('submit', function (event) {
      event.preventDefault()
      var form = event.target
      var button = event.submitter
      if (!form.dataset.confirm) return send(form, button)
      ask(form.dataset.confirm, function () {
        send(form, button)
      })
    })

    root.addEventListener('click', function (event) {
      var text = event.target.closest('[data-copy]')
      if (!text || !navigator.clipboard) return
      navigator.clipboard.writeText(text.textContent).then(function () {
        tell('已复制', false)
      })
    })

    function live() {
      if (!root.isConnected) return
      var isBusy = root.dataset.busy === 'yes'
      var wait = isBusy ? BUSY_MS : FRESH_MS
      var isTyping =
        page.contains(document.activeElement) && /INPUT|SELECT/.test(document.activeElement.tagName)
      var isWanted = isBusy || LIVE.indexOf(root.dataset.tab) >= 0
      if (document.hidden || isWorking || isTyping || !isWanted) return setTimeout(live, wait)
      refresh().then(function () {
        setTimeout(live, wait)
      })
    }
    root.dataset.busy = page.querySelector('.pt-operation') ? 'yes' : ''
    setTimeout(live, root.dataset.busy ? BUSY_MS : FRESH_MS)
  }

  /** The one line's word for done, and the other's. */
  function isDone(answer) {
    return answer.status === 'success' || answer.status === 200 || answer.status === '200'
  }

  function stored(name) {
    try {
      return window.localStorage.getItem(name) || ''
    } catch (refused) {
      return ''
    }
  }

  Array.prototype.forEach.call(document.querySelectorAll('.portico[data-api]'), start)
})()
