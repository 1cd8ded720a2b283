// Questions that are asked again and again, whose answers may overtake each other on the line.

export class AnswerOrder {
  private asked = 0;
  private taken = 0;

  /** To be called when a question is asked; what it returns, when its answer is there: may it be shown, or was a newer question answered already? */
  ask(): () => boolean {
    const mine = ++this.asked;
    return () => {
      if (mine < this.taken) return false;
      this.taken = mine;
      return true;
    };
  }
}
