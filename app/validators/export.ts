export type ExportFormat = 'csv' | 'xlsx'

/** An unknown one is the plain one. */
export function exportFormat(value: unknown): ExportFormat {
  return value === 'xlsx' ? 'xlsx' : 'csv'
}
