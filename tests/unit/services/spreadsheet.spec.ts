import { test } from '@japa/runner'
import { unzipSync, strFromU8 } from 'fflate'
import { csv, xlsx, type Cell } from '#services/spreadsheet'

async function* pages(...some: Cell[][][]) {
  yield* some
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(chunks))
}

test.group('Spreadsheets', () => {
  test('a text that a spreadsheet would run is kept from it, and a number stays one', async ({
    assert,
  }) => {
    const rows = [['=1+1'], ['+49'], ['-x'], ['@cmd'], [' =1'], ['a,"b"\n'], [-5], [null]]
    const text = Buffer.from(await whole(csv(['Name'], pages(rows as Cell[][])))).toString()
    assert.equal(
      text,
      '\uFEFFName\r\n\'=1+1\r\n\'+49\r\n\'-x\r\n\'@cmd\r\n\' =1\r\n"a,""b""\n"\r\n-5\r\n\r\n'
    )
  })

  test('a workbook holds all pages, escaped, texts as texts', async ({ assert }) => {
    const moment = new Date('2026-11-21T16:00:00Z')
    const rows: Cell[][][] = [[['<a>&', 1, null]], [['=1+1\u0000', 2.5, moment]]]
    const parts = unzipSync(await whole(xlsx(['Name', 'vCPU', 'When'], pages(...rows))))
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml']!)
    assert.include(sheet, '&lt;a&gt;&amp;</t></is></c><c><v>1</v></c><c/></row>')
    assert.include(sheet, '=1+1</t></is></c><c><v>2.5</v></c>')
    assert.include(sheet, '2026-11-21 16:00:00')
    assert.sameMembers(Object.keys(parts), [
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      'xl/worksheets/sheet1.xml',
    ])
  })

  test('nothing of a long list is kept: what is written goes on its way', async ({ assert }) => {
    let written = 0
    let most = 0
    async function* long() {
      for (let page = 0; page < 200; page += 1) {
        yield Array.from({ length: 500 }, (_, row): Cell[] => [`row ${page} ${row}`, Math.random()])
      }
    }
    for await (const chunk of xlsx(['Name', 'Number'], long())) {
      written += chunk.length
      most = Math.max(most, chunk.length)
    }
    assert.isAbove(written, 500_000)
    assert.isBelow(most, written / 4)
  })
})
