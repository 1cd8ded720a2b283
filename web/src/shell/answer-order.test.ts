import { expect, test } from 'vitest';
import { AnswerOrder } from './answer-order';

test('answers that come in the order of their questions are all shown', () => {
  const order = new AnswerOrder();
  const first = order.ask();
  const second = order.ask();
  expect([first(), second()]).toEqual([true, true]);
});

test('what was asked before something that is known by now is not shown over it', () => {
  const order = new AnswerOrder();
  const poll = order.ask();
  expect(order.ask()()).toBe(true); // it was withdrawn meanwhile
  expect(poll()).toBe(false);
  expect(order.ask()()).toBe(true);
});
