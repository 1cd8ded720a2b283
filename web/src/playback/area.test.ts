import { describe, expect, it } from 'vitest';
import { MIDDLE, between, pictureBox, regionText, stepped } from './area';

describe('an area of the picture', () => {
  it('is meant in the picture, not in the bars beside it', () => {
    const box = pictureBox({ width: 400, height: 100 }, { width: 1600, height: 800 });
    expect(box).toEqual({ left: 100, top: 0, width: 200, height: 100 });
    expect(between({ x: 300, y: 100 }, { x: 200, y: 50 }, box)).toEqual({ left: 0.5, top: 0.5, right: 1, bottom: 1 });
    expect(between({ x: 0, y: 0 }, { x: 400, y: 100 }, box)).toEqual({ left: 0, top: 0, right: 1, bottom: 1 });
  });

  it('is none when a finger only rested, or drew in a bar', () => {
    const box = pictureBox({ width: 400, height: 100 }, { width: 1600, height: 800 });
    expect(between({ x: 200, y: 50 }, { x: 202, y: 51 }, box)).toBeNull();
    expect(between({ x: 10, y: 10 }, { x: 90, y: 90 }, box)).toBeNull();
  });

  it('is moved and grown by keys, and stays in the picture', () => {
    let area = MIDDLE;
    for (let i = 0; i < 30; i++) area = stepped(area, 'ArrowRight', false);
    expect(area.right).toBeCloseTo(1);
    expect(area.right - area.left).toBeCloseTo(0.3);
    for (let i = 0; i < 30; i++) area = stepped(area, 'ArrowUp', true);
    expect(area.bottom - area.top).toBeCloseTo(0.05);
  });

  it('is told as two corners', () => {
    expect(regionText({ left: 0, top: 0.25, right: 1 / 3, bottom: 1 })).toBe('0.000,0.250,0.333,1.000');
  });
});
