/**
 * Names the ratings that users give a call when it has ended; Graph's `userFeedbackRating` without `notRated`. They are
 * stored by index: append new ones.
 */
export const userRatings = ['bad', 'poor', 'fair', 'good', 'excellent'] as const;
export type UserRating = (typeof userRatings)[number];
