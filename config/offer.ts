import app from '@adonisjs/core/services/app'

/**
 * How old the room on nodes and the free addresses may be that an order is judged by when it comes in. The
 * operation judges it again, by locked rows. Tests fill a place and look at once.
 */
export const figuresGoodForMs = app.inTest ? 0 : 2_000
