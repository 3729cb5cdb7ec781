/*
|--------------------------------------------------------------------------
| How much garbage may lie about
|--------------------------------------------------------------------------
|
| V8 lets the heap grow to twice of what lives before it collects, and more on a machine with much memory. About
| 60 MB live here: collecting when 30 % have come on top costs nothing that can be measured, keeps a process a
| hundred megabytes smaller, and unlike a fixed limit never ends one that needs more for once.
|
*/
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--heap-growing-percent=30')
