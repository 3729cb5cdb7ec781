import { BaseCommand } from '@adonisjs/core/ace'
import { copyFile, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { namedIcons } from '#start/view/named_icons'

export default class IconsSync extends BaseCommand {
  static override commandName = 'icons:sync'
  static override description = 'Copy the icons that views and navigation name into resources/icons'

  override async run() {
    const target = this.app.makePath('resources/icons')
    const named = await namedIcons(this.app.appRoot)
    await mkdir(target, { recursive: true })
    const files = await readdir(target)
    const present = files.filter((file) => file.endsWith('.svg'))

    for (const name of named) {
      if (present.includes(`${name}.svg`)) continue
      const source = this.app.makePath('node_modules/lucide-static/icons', `${name}.svg`)
      await copyFile(source, this.app.makePath('resources/icons', `${name}.svg`))
      this.logger.success(`added ${name}`)
    }
    for (const file of present) {
      if (named.has(file.slice(0, -4))) continue
      await rm(this.app.makePath('resources/icons', file))
      this.logger.info(`removed ${file}, which nothing names`)
    }
    const { version } = JSON.parse(
      await readFile(this.app.makePath('node_modules/lucide-static/package.json'), 'utf8')
    )
    this.logger.info(`${named.size} icons of lucide ${version} (ISC licence)`)
  }
}
