// The only chart code; loaded by pages that have charts. Colours come from the theme, so a chart has none of its own.
import uPlot from 'uplot'

const TONES = ['--color-primary', '--chart-2', '--chart-3']
const locale = document.documentElement.lang

const EVERY_MS = 60_000
/** A figure, and how it is drawn anew with other data. */
const redraw = new WeakMap()

for (const figure of document.querySelectorAll('[data-chart]')) draw(figure)
for (const group of document.querySelectorAll('[data-charts-from]')) follow(group)

// A page that goes on: its charts are taken again each minute, and when somebody comes back to it.
function follow(group) {
  let takenAt = Date.now()
  const take = async () => {
    if (document.hidden || Date.now() - takenAt < EVERY_MS / 2) return
    takenAt = Date.now()
    const response = await fetch(group.dataset.chartsFrom, {
      headers: { accept: 'application/json' },
    }).catch(() => null)
    // Offline, signed out or gone: what is drawn stays, the head of the page tells the rest.
    if (!response?.ok || response.redirected) return
    const { charts } = await response.json()
    for (const chart of charts) {
      const figure = group.querySelector(`[data-chart="${CSS.escape(chart.key)}"]`)
      if (figure) renew(figure, chart)
    }
  }
  setInterval(take, EVERY_MS)
  document.addEventListener('visibilitychange', take)
}

function renew(figure, chart) {
  figure.querySelector('[data-now]').textContent = chart.now
  figure.querySelector('[data-of]').textContent = chart.of
  const plot = figure.querySelector('.chart-plot')
  plot.setAttribute('aria-label', `${chart.title}: ${chart.now} ${chart.of}`)
  redraw.get(figure)(chart)
}

function draw(figure) {
  let data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent)
  const plot = figure.querySelector('.chart-plot')
  let chart = paint(plot, data)
  const again = () => {
    chart.destroy()
    plot.replaceChildren()
    chart = paint(plot, data)
  }
  redraw.set(figure, (changed) => {
    data = { ...data, ...changed }
    again()
  })
  new ResizeObserver(() => {
    chart.setSize({ width: plot.clientWidth, height: plot.clientHeight })
  }).observe(plot)
  addEventListener('portico:theme', again)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again)
}

function paint(plot, { times, lines, max, unit, legend, zone }) {
  const colour = resolver(plot)
  const tones = TONES.map(colour)
  const clock = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const date = { timeZone: zone, month: 'numeric', day: 'numeric' }
  const time = new Intl.DateTimeFormat(locale, clock)
  const day = new Intl.DateTimeFormat(locale, date)
  const both = new Intl.DateTimeFormat(locale, { ...date, ...clock })
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const isLong = times.at(-1) - times[0] > 3 * 86_400
  const figure = (value) => `${number.format(value)}${unit === '%' ? '%' : unit ? ` ${unit}` : ''}`
  const font = getComputedStyle(document.body).fontFamily
  const axis = {
    stroke: colour('--quiet'),
    font: `11px ${font}`,
    grid: { stroke: colour('--chart-grid'), width: 1 },
    ticks: { show: false },
  }

  return new uPlot(
    {
      width: plot.clientWidth,
      height: plot.clientHeight,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { points: { size: 6 }, y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_, low, high) => [0, max ?? Math.max(1, high * 1.2)] } },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: 72,
          grid: { show: false },
          values: (_, ticks) => ticks.map((at) => (isLong ? day : time).format(at * 1000)),
        },
        {
          ...axis,
          size: 44,
          gap: 6,
          space: 28,
          values: (_, ticks) =>
            ticks.map((value) => (unit === '%' ? figure(value) : number.format(value))),
        },
      ],
      series: [
        {},
        ...lines.map((line, i) => ({
          stroke: tones[i],
          width: 1.5,
          dash: line.limit ? [4, 4] : undefined,
          spanGaps: false,
          points: { show: false },
          fill:
            i === 0
              ? tones[0].replace(/^rgba?\(([^)]+)\)$/, 'rgb($1 / 0.1)').replaceAll(',', ' ')
              : undefined,
        })),
      ],
      plugins: [tip({ lines, legend, figure, moment: (at) => both.format(at * 1000), tones })],
    },
    [times, ...lines.map((line) => line.values)],
    plot
  )
}

// What the pointer is on, in words.
function tip({ lines, legend, figure, moment, tones }) {
  const box = document.createElement('div')
  box.className = 'chart-tip'
  box.hidden = true
  return {
    hooks: {
      init: (chart) => chart.over.append(box),
      setCursor: (chart) => {
        const { idx, left } = chart.cursor
        box.hidden = idx === null || idx === undefined || left < 0
        if (box.hidden) return
        const rows = lines.map((_, i) => {
          const row = document.createElement('div')
          const mark = document.createElement('span')
          mark.className = 'mr-1.5 inline-block h-0.5 w-2.5 align-middle'
          mark.style.background = tones[i]
          const value = chart.data[i + 1][idx]
          row.append(mark, `${legend[i] ?? ''} ${value === null ? '—' : figure(value)}`)
          return row
        })
        const head = document.createElement('div')
        head.className = 'text-quiet'
        head.textContent = moment(chart.data[0][idx])
        box.replaceChildren(head, ...rows)
        const isRight = left > chart.over.clientWidth / 2
        box.style.left = isRight ? '' : `${left + 10}px`
        box.style.right = isRight ? `${chart.over.clientWidth - left + 10}px` : ''
      },
    },
  }
}

// A canvas needs a plain colour; the theme's are light-dark() pairs, which only a painted element resolves.
function resolver(plot) {
  const probe = document.createElement('span')
  probe.hidden = true
  plot.append(probe)
  return (name) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
}
