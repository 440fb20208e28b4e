import { CabutError } from '../errors.js'
import { decimalWords, escapeMarkup } from './words.js'

/** Horizontal bars, stacked where there are several series. Plain data: any library can draw it. */
export interface Chart {
  readonly title: string
  /** Width in CSS pixels: a page holds one drawing for telephones and one for everything wider. */
  readonly width: number
  readonly series: readonly { readonly name: string; readonly color: string }[]
  /** Top to bottom; as many values as series. */
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[]
}

/** Draws one chart as one `<svg>` element that needs nothing beside it: no script, no network, no style sheet. */
export type ChartRenderer = (chart: Chart) => string

/**
 * Draws with Apache ECharts, in SVG, without a browser. It is imported here and nowhere else, when the first chart is wanted; an
 * application that shows charts installs `echarts` beside the SDK.
 *
 * @throws CabutError `reportChartsMissing` where `echarts` is not installed
 * @example
 * ```ts
 * const draw = await loadCharts()
 * const svg = draw({ title: 'Permohonan', width: 760, series: [{ name: 'Tepat waktu', color: '#1f5fa8' }], rows: [{ label: 'April 2026', values: [12] }] })
 * svg.startsWith('<svg viewBox="0 0 760 36" width="760" height="36" role="img" aria-label="Permohonan">') // true
 * ```
 */
export async function loadCharts(): Promise<ChartRenderer> {
  const [core, charts, components, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]).catch((cause: unknown) => {
    throw new CabutError('reportChartsMissing', { cause })
  })
  core.use([charts.BarChart, components.GridComponent, renderers.SVGRenderer])
  return ({ title, width, series, rows }) => {
    const narrow = width < 480
    // Room for four lines of label on a telephone.
    const step = narrow ? 52 : 32
    const size = { width, height: rows.length * step + 4 }
    const drawing = core.init(null, null, { renderer: 'svg', ssr: true, ...size })
    try {
      const last = series.length - 1
      drawing.setOption({
        animation: false,
        grid: { left: narrow ? 116 : 236, right: 62, top: 0, bottom: 0, outerBoundsMode: 'none' },
        xAxis: { type: 'value', show: false, max: 'dataMax' },
        yAxis: {
          type: 'category',
          inverse: true,
          data: rows.map(({ label }) => shorten(label, narrow ? 50 : 60)),
          axisTick: { show: false },
          // Narrower than the room there is: without a browser the widths of letters are estimates.
          axisLine: { lineStyle: { color: '#8a8a8a' } },
          axisLabel: { width: narrow ? 88 : 188, overflow: 'break', fontSize: narrow ? 11.5 : 13, lineHeight: narrow ? 12.5 : 14, color: '#1a1a1a' },
        },
        series: series.map(({ name, color }, at) => ({
          type: 'bar',
          name,
          stack: 'all',
          silent: true,
          barWidth: narrow ? 18 : 20,
          itemStyle: { color },
          data: rows.map(({ values }) => values[at] ?? 0),
          ...(at === last ? { label: total(rows) } : {}),
        })),
      })
      return plainSvg(drawing.renderToSVGString(), title, size)
    } finally {
      drawing.dispose()
    }
  }
}

/** The sum of a row, right of its bar. */
function total(rows: Chart['rows']): object {
  const formatter = ({ dataIndex }: { readonly dataIndex: number }): string =>
    decimalWords(rows[dataIndex]?.values.reduce((sum, one) => sum + one, 0) ?? 0)
  return { show: true, position: 'right', fontSize: 13, color: '#1a1a1a', formatter }
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** What the library adds for its own browser side goes (class names count drawings: the same report would give other bytes); a name for readers comes. */
function plainSvg(svg: string, title: string, { width, height }: { readonly width: number; readonly height: number }): string {
  const body = svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|xml:space)="[^"]*"/g, '')
    .replace(/font-family:[^;"]*;?/g, '')
    .replace(/\n+/g, '\n')
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(title)}">${body.trim()}`
}
