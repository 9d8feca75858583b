class NotesController < ApplicationController
  # Called by programs, which have no session.
  skip_forgery_protection

  def home
    @count = Note.count
  end

  def index
    render json: Note.order(:id).pluck(:text)
  end

  def create
    Note.create!(text: request.raw_post)
    head :created
  end
end
